// A piece of the map as a picture, for pages of others: the same layers and colours as on paper, without letters.
import sharp from 'sharp'
import type { Context } from '../../core/http/context.ts'
import { MM } from '../../core/pdf.ts'
import { type Frame, pointsPerMetre } from './frame.ts'
import { type Drawn, pathOf, readMap } from './map.ts'
import { GROUND, PAPER, STREETS } from './style.ts'

interface Asked {
  /** Pixels. */
  width: number
  height: number
  /** What the picture is about: longitude, latitude in degrees (EPSG:4326). */
  at: readonly [number, number]
  /** Of what is shown, west, south, east, north; degrees. */
  bbox: readonly [number, number, number, number]
  /** GeoJSON (WGS 84); of a line the whole is shown. */
  geometry: { type: string }
}

/** A pixel is a point of paper here: about 850 m of town in a picture of 1200 pixels. */
const NEAR = 2000
/** From here on buildings are specks. */
const SPECKS = 6000
const METRES_A_DEGREE = 111_320

/** PNG of the surroundings of a place: a pin on it, or the line of a route with a pin at its start. */
export async function mapPicture(ctx: Context, asked: Asked): Promise<Buffer> {
  const isLine = asked.geometry.type.endsWith('LineString')
  const frame = isLine ? frameAround(asked) : frameOf(asked, asked.at, NEAR)
  const without = ['address', ...(frame.scale > SPECKS ? ['building'] : [])]
  const [drawn, path, start] = await Promise.all([
    readMap(ctx, frame, without),
    isLine ? pathOf(ctx, frame, asked.geometry) : '',
    pathOf(ctx, frame, { type: 'LineString', coordinates: [asked.at, asked.at] }),
  ])
  const [x = 0, y = 0] = start.match(/-?[\d.]+/g)?.map(Number) ?? []
  return sharp(Buffer.from(svgOf(frame, drawn, path, [x, y])))
    .png()
    .toBuffer()
}

const frameOf = ({ width, height }: Asked, [lon, lat]: readonly [number, number], scale: number): Frame => ({
  left: 0, top: 0, width, height, lon, lat, scale,
}) // prettier-ignore

function frameAround(asked: Asked): Frame {
  const [west, south, east, north] = asked.bbox
  const lat = (south + north) / 2
  const wide_m = (east - west) * METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180)
  const high_m = (north - south) * METRES_A_DEGREE
  const needed = Math.max(wide_m / (asked.width * 0.8), high_m / (asked.height * 0.7)) * 1000 * MM
  return frameOf(asked, [(west + east) / 2, lat], Math.max(NEAR, needed))
}

function svgOf(frame: Frame, drawn: Drawn[], route: string, [x, y]: readonly [number, number]): string {
  const { width, height } = frame
  const k = pointsPerMetre(frame)
  const of = (layer: string) => drawn.filter((one) => one.layer === layer && one.path)
  const fill = (path: string, colour: string) => `<path d="${path}" fill="${colour}" fill-rule="evenodd"/>`
  const stroke = (path: string, colour: string, wide: number) =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${wide.toFixed(1)}" stroke-linecap="round" stroke-linejoin="round"/>`
  const wide = ({ kind, width_m }: Drawn) => Math.max((width_m ?? 6) * k, kind === 'path' ? 0.7 : 1.5)
  const ground = ['land', 'green', 'block', 'pier'].flatMap((layer) =>
    of(layer).map(({ path, kind }) => fill(path, GROUND[kind ?? ''] ?? GROUND[layer] ?? PAPER.water)),
  )
  const streets = [
    ...of('street').map((one) => stroke(one.path, PAPER.kerb, wide(one) + 1)),
    ...of('street').map((one) => stroke(one.path, STREETS[one.kind ?? ''] ?? PAPER.street, wide(one))),
  ]
  const buildings = of('building').map(({ path }) => `<path d="${path}" fill="${PAPER.building}" stroke="${PAPER.wall}" stroke-width="0.5"/>`) // prettier-ignore
  const line = route ? [stroke(route, '#ffffff', 9), stroke(route, PAPER.pin, 5)] : []
  const pin = `<g transform="translate(${x} ${y}) scale(2.6)"><path d="M 0 0 C -3 -7 -8 -9 -8 -15 A 8 8 0 1 1 8 -15 C 8 -9 3 -7 0 0 Z" fill="${PAPER.pin}" stroke="#ffffff"/><circle cx="0" cy="-15" r="3" fill="#ffffff"/></g>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-width / 2} ${-height / 2} ${width} ${height}"><rect x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" fill="${PAPER.water}"/>${[...ground, ...streets, ...buildings, ...line, pin].join('')}</svg>`
}
