// A folder in a backup: the files of the embedded database.
import { createWriteStream, type Dirent } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StartError } from '../config.ts'
import type { Add } from './archive.ts'

/** Adds the files below a folder as <prefix>/<path>; empty folders too. Nothing when there is no such folder. */
export async function addFolder(folder: string, prefix: string, add: Add): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missing)
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = `${prefix}/${relative(folder, path).split(sep).join('/')}`
    if (entry.isDirectory()) await add(`${name}/`, 0, [])
    else if (entry.isFile()) await addFile(path, name, add)
  }
}

const missing = (error: NodeJS.ErrnoException): Dirent[] => {
  if (error.code === 'ENOENT') return []
  throw error
}

// One handle for size and content: a file that is replaced meanwhile must not have the size of another.
async function addFile(path: string, name: string, add: Add): Promise<void> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    await add(name, size, size > 0 ? handle.createReadStream({ autoClose: false, end: size - 1 }) : [])
  } finally {
    await handle.close()
  }
}

/** Writes a part of a backup below a folder, wherever its name may point. */
export async function writePart(folder: string, name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const path = resolve(folder, name)
  if (!path.startsWith(resolve(folder) + sep))
    throw new StartError(`The backup holds a part outside its folder: ${name}`)
  if (name.endsWith('/')) return void (await mkdir(path, { recursive: true, mode: 0o700 }))
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await pipeline(content, createWriteStream(path, { mode: 0o600 }))
}

/** Whether a folder holds nothing, or is not there. */
export const isEmptyFolder = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(missing)).length === 0
