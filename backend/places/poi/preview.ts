// The picture that messengers show beside a link: a piece of our own map, the place on it, its name.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Request, Response } from 'express'
import sharp from 'sharp'
import { Cache } from '../../core/cache.ts'
import type { Language } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { hasVersion } from '../../core/http/etag.ts'
import type { Limit } from '../../core/http/limits.ts'
import { listLayers, mapPicture } from '../../layers/service.ts'
import { cityTitle } from '../city.ts'
import type { PlaceDetail } from './contract.ts'
import { getPlace } from './one.ts'

/** What messengers ask for (Open Graph), pixels. */
export const PICTURE = { width: 1200, height: 630 }
/** Foot with the words, pixels. */
const FOOT = 150
const EDGE = 48

const CACHE_BYTES = 16 * 1024 * 1024
/** Drawing is work; who shows a link again gets the picture from memory. */
const DRAWINGS: Limit = { action: 'preview', points: 60, per_s: 300 }

/** One a municipality. */
const caches = new WeakMap<Db, Cache<Buffer>>()
function cacheOf({ db }: Context): Cache<Buffer> {
  const cache = caches.get(db) ?? new Cache(CACHE_BYTES, ({ length }) => length)
  caches.set(db, cache)
  return cache
}

/** Sends the picture of a place. Throws not-found, too-many-requests. */
export async function sendPreview(ctx: Context, layer: string, key: string, request: Request, response: Response) {
  // For everybody: what only staff see is in no picture that caches keep.
  const anyone: Context = { ...ctx, actor: null }
  const asked = request.query['lang']
  const language = asked === 'en' || asked === 'el' ? asked : ctx.language
  const place = await getPlace(anyone, layer, key, new Date())
  const city = (await cityTitle(ctx))[language]
  const words = { title: place.title[language], under: [kindOf(place, language), city].filter(Boolean).join(' · ') }
  const version = createHash('sha256')
    .update(JSON.stringify([words, place.geometry, await versionOfMap(anyone)]))
    .digest('base64url')
    .slice(0, 22)
  response.set({ ETag: `"${version}"`, 'Cache-Control': 'public, max-age=3600' })
  if (hasVersion(request, `"${version}"`)) return void response.status(304).end()
  const picture = await cacheOf(ctx).get(version, async () => {
    await ctx.limits.take(DRAWINGS, ctx.address)
    return draw(anyone, place, words)
  })
  response.type('png').send(picture)
}

const kindOf = ({ kind, title }: PlaceDetail, language: Language) =>
  kind.title[language] === title[language] ? '' : kind.title[language]

const versionOfMap = async (ctx: Context) =>
  (await listLayers(ctx)).filter(({ theme }) => theme === 'basemap').map(({ slug, revision }) => `${slug} ${revision}`)

async function draw(ctx: Context, { point, bbox, geometry }: PlaceDetail, words: { title: string; under: string }) {
  const { width, height } = PICTURE
  const map = await mapPicture(ctx, { width, height: height - FOOT, at: point, bbox, geometry })
  const room = width - 2 * EDGE
  const layers = [
    { input: await map, left: 0, top: 0 },
    { input: await lettering(words.title, { size: 44, weight: 'bold', colour: '#17222b', room }), left: EDGE, top: height - FOOT + 24 }, // prettier-ignore
    { input: await lettering(words.under, { size: 26, weight: 'plain', colour: '#52616c', room }), left: EDGE, top: height - 54 }, // prettier-ignore
  ]
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .png({ palette: true })
    .toBuffer()
}

const FONTS = {
  plain: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')),
  bold: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf')),
}

const MARKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A line of text as a picture, in our own typeface, which no machine needs to have. size: pixels; room: width, pixels. */
async function lettering(
  words: string,
  { size, weight, colour, room }: { size: number; weight: keyof typeof FONTS; colour: string; room: number },
): Promise<Buffer> {
  const safe = words.replace(/[&<>]/g, (sign) => MARKS[sign]!) || ' '
  const picture = await sharp({
    text: {
      text: `<span foreground="${colour}">${safe}</span>`,
      font: weight === 'bold' ? `Noto Sans SemiBold ${size}` : `Noto Sans ${size}`,
      fontfile: FONTS[weight],
      rgba: true,
      dpi: 72,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true })
  if (picture.info.width <= room) return picture.data
  return sharp(picture.data).extract({ left: 0, top: 0, width: room, height: picture.info.height }).png().toBuffer()
}
