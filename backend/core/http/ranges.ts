// Files that can be asked for in parts and gone on with (RFC 9110, 14).
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { Storage } from '../files/storage.ts'
import { hasVersion } from './etag.ts'
import { problem } from './problem.ts'

interface StoredFile {
  /** Name in the storage. */
  file: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

/** Sends a file of the storage, or the part of it that is asked for. Throws range-not-satisfiable, not-found. */
export async function sendFile(request: Request, response: Response, storage: Storage, stored: StoredFile) {
  const { file, bytes, sha256 } = stored
  const etag = `"${sha256}"`
  response.set({
    ETag: etag,
    'Accept-Ranges': 'bytes',
    // Parts are parts of these very bytes: nothing on the way may compress them.
    'Cache-Control': 'public, max-age=86400, no-transform',
    'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  })
  if (hasVersion(request, etag)) return void response.status(304).end()
  const part = partOf(request, etag, bytes)
  const { start, end } = part ?? { start: 0, end: bytes - 1 }
  response.set('Content-Length', String(end - start + 1))
  if (part) response.status(206).set('Content-Range', `bytes ${start}-${end}/${bytes}`)
  if (request.method === 'HEAD') return void response.end()
  const content = await storage.read(file, start, end)
  if (!content) throw problem('not-found')
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    // Who has what they wanted hangs up.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

/** The one part that is wanted; null: all of it. Several parts may be answered with the whole (14.2), and so they are. */
function partOf(request: Request, etag: string, bytes: number): { start: number; end: number } | null {
  const condition = request.get('If-Range')
  // Of another file (13.1.5): the whole of this one. A date says too little.
  if (condition !== undefined && condition !== etag) return null
  const ranges = request.range(bytes)
  if (ranges === -1) throw problem('range-not-satisfiable', { headers: { 'Content-Range': `bytes */${bytes}` } })
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null
  return ranges[0] ?? null
}
