import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file that cannot be written from front to back: made in a folder of its own, read out, and gone again, also when the reader hangs up.
 * `make` returns where the finished file is, or a stream of it.
 */
export async function* throughFolder(
  make: (folder: string) => Promise<string | NodeJS.ReadableStream>,
): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'asty-download-'))
  try {
    const made = await make(folder)
    for await (const piece of typeof made === 'string' ? createReadStream(made) : made) yield piece as Uint8Array
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
