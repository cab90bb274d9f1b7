// The map as somebody has arranged it, on paper: true to scale in the Greek Grid (EPSG:2100), with its grid and its legend.
import { type Context, reading } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { INK, MARGIN, MUTED, openSheet, RULE, type Sheet } from '../core/pdf.ts'
import {
  creditsOf,
  drawHead,
  drawMap,
  drawOverlays,
  drawScale,
  groundOf,
  growthAt,
  listLayers,
  loadPictograms,
  PIXEL,
  readMap,
  readOverlays,
  type Shown,
  write,
  zoomOf,
} from '../layers/service.ts'
import { cityTitle } from '../places/service.ts'
import type { MapQuery } from './contract.ts'
import { drawFacts, factsOf, heightOf } from './facts.ts'
import { drawGrid, type GridPoint } from './grid.ts'
import { areasBeside, bottomOf, FOOT, frameOf, paperOf, widthOf } from './layout.ts'
import { drawLegend } from './legend.ts'

/** From here on they are too small to be told apart. */
const NO_NUMBERS = 5000
const NO_BUILDINGS = 10_000

/** Draws the sheet; it is to be sent with sendSheet(). Throws no-such-layer. */
export async function drawMapSheet(ctx: Context, asked: MapQuery): Promise<Sheet> {
  const { language } = ctx
  const frame = frameOf(asked)
  const shown = await layersOf(ctx, asked)
  const layers = shown.map(({ layer }) => layer)
  const [from, ground] = [await cityTitle(ctx), await groundOf(ctx)]
  const middle = await gridPointOf(ctx, asked)
  const drawn = await readMap(ctx, frame, tooSmallAt(asked.scale))
  const overlays = await readOverlays(ctx, frame, shown)
  const pictograms = await loadPictograms(layers)

  const names = layers.map((layer) => layer.title[language])
  const title = asked.title || titleOf(names) || text(language, 'print.title')
  const sheet = openSheet(language, `${title}, ${from[language]}`, from[language], paperOf(asked))
  const { pdf, part, decoration } = sheet
  drawHead(sheet, { from: from[language], title, width: widthOf(asked) }, language)
  const under = () => drawOverlays(pdf, frame, overlays, language, pictograms)
  const alt = text(language, 'print.map', {
    scale: asked.scale,
    layers: names.join(', ') || text(language, 'print.ground'),
  })
  part('Figure', () => drawMap(pdf, frame, drawn, language, { under }), alt)
  const step_m = drawGrid(sheet, frame, middle, language)
  decoration(() => drawScale(pdf, frame, language))
  // Whether the legend finds room depends on the room that the facts leave: they are measured with the worst that can be said.
  const known = { asked, day: ctx.day, middle, step_m, drawn: drawn.length, overlays, isWhole: false }
  const [legend, facts] = areasBeside(frame, asked, (wide) => heightOf(pdf, factsOf(known, language), wide))
  const isWhole = drawLegend(sheet, legend, overlays, pictograms, PIXEL * growthAt(zoomOf(frame)), language)
  drawFacts(sheet, facts, factsOf({ ...known, isWhole }, language))
  const seen = [...ground.values()].filter(({ slug }) => drawn.some(({ layer }) => layer === slug))
  const credits = creditsOf([...seen, ...layers].map((layer) => ({ ...layer, layer })), language) // prettier-ignore
  drawFoot(ctx, sheet, asked, credits)
  return sheet
}

const tooSmallAt = (scale: number) => [
  ...(scale >= NO_NUMBERS ? ['address'] : []),
  ...(scale > NO_BUILDINGS ? ['building'] : []),
]

/** The asked layers in the order of the catalogue, which is that of the portal. Throws no-such-layer, also when the caller may not know of it. */
async function layersOf(ctx: Context, { layers }: MapQuery): Promise<Shown[]> {
  const opacities = new Map(layers.map(({ slug, opacity }) => [slug, opacity]))
  const known = (await listLayers(ctx)).filter(({ slug }) => opacities.has(slug))
  if (known.length < opacities.size) throw problem('no-such-layer', { path: 'layers' })
  return known.map((layer) => ({ layer, opacity: opacities.get(layer.slug) ?? 1 }))
}

/** More names than these are no title. */
const MOST_NAMED = 3
const titleOf = (names: string[]) => (names.length <= MOST_NAMED ? names.join(', ') : '')

/** The middle of the map in the Greek Grid, metres. */
async function gridPointOf(ctx: Context, { lon, lat }: MapQuery): Promise<GridPoint> {
  const { rows } = await reading(ctx, (db) =>
    db.raw(
      `SELECT ST_X(point) AS east, ST_Y(point) AS north
         FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 4326), 2100) AS point) AS p`,
      [lon, lat],
    ),
  )
  return rows[0]
}

/** The same map in the portal. */
function addressOf({ baseUrl, day }: Context, asked: MapQuery): string {
  const { lon, lat, layers } = asked
  const at = [lon.toFixed(5), lat.toFixed(5), zoomOf(frameOf(asked)).toFixed(2)].join(',')
  const shown = layers.map(({ slug, opacity }) => (opacity === 1 ? slug : `${slug}:${Math.round(opacity * 100)}`))
  return `${baseUrl}/?at=${at}&layers=${shown.join(',') || 'none'}${day ? `&day=${day}` : ''}`
}

function drawFoot(ctx: Context, { pdf, part, decoration }: Sheet, asked: MapQuery, credits: string[]): void {
  const top = bottomOf(asked) - FOOT + 6
  const width = widthOf(asked)
  decoration(() =>
    pdf
      .moveTo(MARGIN, top)
      .lineTo(MARGIN + width, top)
      .lineWidth(0.5)
      .stroke(RULE),
  )
  const place = { x: MARGIN, width }
  const note = text(ctx.language, 'print.informative')
  part('P', () => write(pdf, note, { size: 8, colour: INK, y: top + 4, isBold: true, ...place }))
  const small = [addressOf(ctx, asked), credits.join(' · ')].join('\n')
  part('P', () => write(pdf, small, { size: 6.5, colour: MUTED, y: top + 16, height: FOOT - 21, ...place }))
}
