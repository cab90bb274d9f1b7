// Photos of cases: sniffed, re-encoded without any metadata, kept in DATA_DIR/photos.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import multer from 'multer'
import sharp from 'sharp'
import type { Config } from '../core/config.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'

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
  const id = randomUUID()
  const file = photoFile(ctx.config, id)
  await mkdir(photoFolder(ctx.config), { recursive: true })
  await writeFile(`${file}.part`, data)
  await rename(`${file}.part`, file)
  await ctx.db('attachment').insert({ id, width_px: info.width, height_px: info.height, size_bytes: info.size })
  return { id, url: `/api/photos/${id}`, width: info.width, height: info.height }
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
