import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AwayError } from './away.ts'
import { checked, type Storage } from './storage.ts'

const PART = '.part'

/** Files in a folder, which is made when the first one comes. */
export function diskStorage(folder: string): Storage {
  const trying = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: Error) => {
      throw new AwayError('storage-away', `${folder}: ${error.message}`)
    })
  return {
    place: folder,
    put: async (name, bytes) => trying(write(folder, checked(name), (part) => writeFile(part, bytes, { flush: true }))),
    putFile: async (name, path) => trying(write(folder, checked(name), (part) => copyFile(path, part))),
    read: async (name, start, end) => {
      const file = await trying(open(join(folder, checked(name))).catch(missing))
      return file?.createReadStream({ start, end })
    },
    get: async (name) => trying(readFile(join(folder, checked(name))).catch(missing)),
    remove: async (name) => trying(rm(join(folder, checked(name)), { force: true })),
    list: async function* () {
      const names = await trying(readdir(folder).catch(missing))
      yield* (names ?? []).filter((name) => !name.endsWith(PART)).sort()
    },
  }
}

async function write(folder: string, name: string, make: (part: string) => Promise<void>): Promise<void> {
  // Of its own: two nodes may write the same name, and nobody may read half a file.
  const part = join(folder, `${name}.${randomUUID()}${PART}`)
  await mkdir(folder, { recursive: true })
  try {
    await make(part)
    await rename(part, join(folder, name))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}
