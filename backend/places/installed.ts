// The portal on a home screen: its name, its icon, and where it opens.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Response } from 'express'
import sharp from 'sharp'
import { Cache } from '../core/cache.ts'
import type { Context } from '../core/http/context.ts'
import { PORTAL } from '../core/http/portal.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { cityTitle, getCrest } from './city.ts'

/** Pixels; iPhones want 180, others 192 and 512. */
const SIZES = [180, 192, 512]
const MOST_BYTES = 2 * 1024 * 1024
const icons = new Cache<Buffer>(MOST_BYTES, ({ length }) => length)

/** What a phone shows of the portal that was put on its home screen (W3C Web Application Manifest). */
export async function sendManifest(ctx: Context, response: Response): Promise<void> {
  const name = (await cityTitle(ctx))[ctx.language]
  response.type('application/manifest+json').send(
    JSON.stringify({
      name,
      short_name: name,
      lang: ctx.language,
      id: '/',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      theme_color: '#0b5c8f',
      background_color: '#ffffff',
      icons: [
        { src: '/crest.svg', sizes: 'any', type: 'image/svg+xml' },
        ...SIZES.map((size) => ({ src: `/icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png' })),
      ],
      shortcuts: (['report', 'crew', 'desk'] as const).map((place) => ({
        name: text(ctx.language, `installed.${place}`),
        url: `/${place}`,
      })),
    }),
  )
}

/** The crest as a picture: not every phone takes a drawing. Throws not-found. */
export async function sendIcon(ctx: Context, size: number, response: Response): Promise<void> {
  if (!SIZES.includes(size)) throw problem('not-found')
  const crest = (await getCrest(ctx)) ?? (await readFile(join(PORTAL, 'crest.svg'), 'utf8').catch(() => undefined))
  if (!crest) throw problem('not-found')
  const key = `${createHash('sha256').update(crest).digest('base64url')}/${size}`
  const picture = await icons.get(key, () => draw(crest, size))
  response.set('Cache-Control', 'public, max-age=3600').type('png').send(picture)
}

/** White behind it: phones cut a circle or a square out of it, whatever lies below. */
const draw = (crest: string, size: number) =>
  sharp(Buffer.from(crest), { density: 300 })
    .resize(size, size, { fit: 'contain', background: '#ffffff' })
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer()
