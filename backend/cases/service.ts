// Photos of cases: sniffed, re-encoded without any metadata, kept in DATA_DIR/photos.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import multer from 'multer'
import sharp from 'sharp'
import type { Config } from '../core/config.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { blurAreas } from './blur.ts'
import type { BlurArea } from './contract.ts'

export const PHOTO_LIMIT_BYTES = 12 * 1024 * 1024
/** Enough for a sign to be read; four of these are about 3 MB. */
const LONGEST_SIDE_PX = 2048
/** A picture that unpacks to more than this is an attack or a mistake. */
const LIMIT_PX = 100_000_000

export const receivePhoto = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: PHOTO_LIMIT_BYTES, files: 1, fields: 5 },
}).single('file')

/** Where the photos are. */
export const photoFolder = (config: Config): string =>
  config.dataDir.startsWith('memory://') ? join(tmpdir(), 'asty-photos') : join(config.dataDir, 'photos')

export const photoFile = (config: Config, id: string): string => join(photoFolder(config), `${id}.jpg`)

/**
 * Stores one photo as JPEG: upright, at most 2048 px a side, every piece of metadata gone (EXIF position too).
 * Throws not-a-photo for anything that is not a picture.
 */
export async function storePhoto(ctx: Context, bytes: Buffer | undefined) {
  if (!bytes) throw problem('no-file', { path: 'file' })
  const { data, info } = await reencode(bytes)
  const id = await writePhoto(ctx.config, data)
  await ctx.db('attachment').insert({ id, width_px: info.width, height_px: info.height, size_bytes: info.size })
  return { id, url: `/api/photos/${id}`, width: info.width, height: info.height }
}

/** Writes a photo under a new name, which it returns. */
async function writePhoto(config: Config, data: Buffer): Promise<string> {
  const id = randomUUID()
  const file = photoFile(config, id)
  await mkdir(photoFolder(config), { recursive: true })
  await writeFile(`${file}.part`, data)
  await rename(`${file}.part`, file)
  return id
}

/** Destroys the file of a photo, if there is one. */
export const removePhoto = (config: Config, id: string): Promise<void> => rm(photoFile(config, id), { force: true })

/** Writes a copy of a photo with the areas made unrecognisable; the row and the original are the caller's to change. */
export async function writeBlurredPhoto(config: Config, id: string, areas: readonly BlurArea[]) {
  const { data, info } = await blurAreas(await readFile(photoFile(config, id)), areas)
  return { id: await writePhoto(config, data), size_bytes: info.size }
}

/** Notes that these files are to be destroyed; they are by destroyPhotos, after the commit. */
export async function condemnPhotos(trx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx('photo_removal').insert(ids.map((photo_id) => ({ photo_id })))
}

/** Destroys every file that is to be destroyed, also those that a crash has left. */
export async function destroyPhotos(db: Db, config: Config): Promise<void> {
  const rows: { photo_id: string }[] = await db('photo_removal').orderBy('at').select('photo_id')
  for (const { photo_id } of rows) {
    await removePhoto(config, photo_id)
    await db('photo_removal').where({ photo_id }).delete()
  }
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
