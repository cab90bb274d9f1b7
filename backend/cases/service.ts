// Photos and documents of cases, kept in the storage. Photos are scanned, sniffed and re-encoded without any metadata.
import { randomUUID } from 'node:crypto'
import multer from 'multer'
import sharp from 'sharp'
import type { Db } from '../core/db/connect.ts'
import { scan } from '../core/files/scanner.ts'
import type { Storage } from '../core/files/storage.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { JobKind } from '../core/jobs.ts'
import { blurAreas } from './blur.ts'
import type { BlurArea } from './contract.ts'
import { type DocumentType, documentType } from './document.ts'

export const PHOTO_LIMIT_BYTES = 12 * 1024 * 1024
/** Enough for a sign to be read; four of these are about 3 MB. */
const LONGEST_SIDE_PX = 2048
/** A picture that unpacks to more than this is an attack or a mistake. */
const LIMIT_PX = 100_000_000
/** By then an upload or a blur is over, one way or the other. */
const UNDECIDED = '1 hour'

export const receivePhoto = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: PHOTO_LIMIT_BYTES, files: 1, fields: 5 },
}).single('file')

/** Name of a photo in the storage. */
export const photoName = (id: string): string => `${id}.jpg`

/** Name of a document in the storage; what it is, its row says. */
export const documentName = (id: string): string => `${id}.bin`

/** Of a photo, and of a document. */
type Extension = 'jpg' | 'bin'

/** Names of all photos and documents in the storage. */
export async function attachmentNames(storage: Storage): Promise<string[]> {
  const names: string[] = []
  for await (const name of storage.list()) if (/\.(jpg|bin)$/.test(name)) names.push(name)
  return names
}

/**
 * Stores one photo as JPEG: upright, at most 2048 px a side, every piece of metadata gone (EXIF position too).
 * Throws infected-file, and not-a-photo for anything that is not a picture.
 */
export async function storePhoto(ctx: Context, bytes: Buffer | undefined) {
  if (!bytes) throw problem('no-file', { path: 'file' })
  if (ctx.config.clamdUrl) await scan(ctx.config.clamdUrl, bytes)
  const { data, info } = await reencode(bytes)
  const id = await writePhoto(ctx, data)
  await ctx.db.transaction(async (trx) => {
    await trx('attachment').insert({ id, width_px: info.width, height_px: info.height, size_bytes: info.size })
    await keepFile(trx, id)
  })
  return { id, url: `/api/photos/${id}`, width: info.width, height: info.height }
}

/** Stores copies of a photo as uploads that are not sent yet, so that each goes with what it is sent with. Returns their ids. Throws not-found. */
export async function copyPhoto(ctx: Context, id: string, copies: number): Promise<string[]> {
  const photo = await ctx.storage.get(photoName(id))
  const row = await ctx.db('attachment').where({ id }).first('width_px', 'height_px', 'size_bytes', 'blurred_at')
  if (!photo || !row) throw problem('not-found')
  const ids: string[] = []
  // One after the other: as many at once as a big order has reports would be a flood for the storage.
  for (let n = 0; n < copies; n++) ids.push(await writePhoto(ctx, photo))
  await ctx.db.transaction(async (trx) => {
    await trx('attachment').insert(ids.map((each) => ({ id: each, ...row })))
    for (const each of ids) await keepFile(trx, each)
  })
  return ids
}

/** What a document is, once it is stored as it came. */
export interface StoredDocument extends DocumentType {
  id: string
  size_bytes: number
}

/** Stores a document; its row is the caller's to make, with keepFile. Throws no-file, infected-file, not-a-document. */
export async function storeDocument(ctx: Context, bytes: Buffer | undefined): Promise<StoredDocument> {
  if (!bytes?.length) throw problem('no-file', { path: 'file' })
  if (ctx.config.clamdUrl) await scan(ctx.config.clamdUrl, bytes)
  const found = await documentType(bytes)
  if (!found) throw problem('not-a-document', { path: 'file' })
  return { id: await writeFile(ctx, bytes, 'bin'), size_bytes: bytes.length, ...found }
}

const writePhoto = (ctx: Context, data: Buffer) => writeFile(ctx, data, 'jpg')

/**
 * Writes a file under a new name, which it returns. Unless keepFile says so in the transaction that makes its row, it is
 * destroyed again: also when this node dies, or when the storage has it and could not tell us.
 */
async function writeFile({ db, storage }: Context, data: Buffer, extension: Extension): Promise<string> {
  const photo_id = randomUUID()
  await db('photo_removal').insert({ photo_id, extension, at: db.raw('now() + ?::interval', [UNDECIDED]) })
  await storage.put(`${photo_id}.${extension}`, data)
  return photo_id
}

/** From now on the photo or the document has a row. */
export async function keepFile(trx: Db, photo_id: string): Promise<void> {
  await trx('photo_removal').where({ photo_id }).delete()
}

/** Writes a copy of a photo with the areas made unrecognisable; row and original are the caller's to change. Throws not-found. */
export async function writeBlurredPhoto(ctx: Context, id: string, areas: readonly BlurArea[]) {
  const photo = await ctx.storage.get(photoName(id))
  if (!photo) throw problem('not-found')
  const { data, info } = await blurAreas(photo, areas)
  return { id: await writePhoto(ctx, data), size_bytes: info.size }
}

/** Notes that the files of these photos are to be destroyed; photoRemovalJob does it, after the commit. */
export const condemnPhotos = (trx: Db, ids: readonly string[]): Promise<void> => condemn(trx, ids, 'jpg')

/** The same for documents. */
export const condemnDocuments = (trx: Db, ids: readonly string[]): Promise<void> => condemn(trx, ids, 'bin')

async function condemn(trx: Db, ids: readonly string[], extension: Extension): Promise<void> {
  if (ids.length > 0) await trx('photo_removal').insert(ids.map((photo_id) => ({ photo_id, extension })))
}

/** Destroys every file that is to be destroyed by now. Throws AwayError; then the rest stays noted. */
export async function destroyFiles(db: Db, storage: Storage): Promise<void> {
  const rows: { photo_id: string; extension: Extension }[] = await db('photo_removal')
    .where('at', '<=', db.fn.now())
    .orderBy('at')
    .select('photo_id', 'extension')
  for (const { photo_id, extension } of rows) {
    await storage.remove(`${photo_id}.${extension}`)
    await db('photo_removal').where({ photo_id }).delete()
  }
}

/** Once an hour for what a dead node or a storage that was away has left. */
export const photoRemovalJob: JobKind<null> = {
  queue: 'photo-removal',
  limit_s: 3600,
  every_s: 3600,
  work: ({ db, storage }) => destroyFiles(db, storage),
}

async function reencode(bytes: Buffer) {
  const picture = sharp(bytes, { limitInputPixels: LIMIT_PX, failOn: 'error' })
  try {
    const { format } = await picture.metadata()
    // A drawing is a program: only pixels come in.
    if (format === 'svg' || (format as string) === 'pdf') throw new Error(format)
    return await picture
      .rotate()
      .resize(LONGEST_SIDE_PX, LONGEST_SIDE_PX, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82, mozjpeg: true })
      .toBuffer({ resolveWithObject: true })
  } catch {
    throw problem('not-a-photo', { path: 'file' })
  }
}
