import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Writes pieces to a file as they come. Returns its size in bytes, and its SHA-256, hexadecimal. */
export async function writeFileOf(pieces: AsyncIterable<string | Uint8Array>, path: string) {
  const hash = createHash('sha256')
  let bytes = 0
  const counted = async function* (source: AsyncIterable<Buffer>) {
    for await (const piece of source) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  await pipeline(Readable.from(pieces, { objectMode: false }), counted, createWriteStream(path))
  return { bytes, sha256: hash.digest('hex') }
}
