// A map on paper: the town's layers as vectors, at a true scale, drawn from the database.
import type { Pdf } from '../../core/pdf.ts'
import type { Language } from '../../core/contract.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { listLayers } from '../catalogue.ts'
import type { Layer } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import { validOn } from '../validity.ts'
import { type Frame, PAPER_SQL, paperOf, pointsPerMetre } from './frame.ts'
import { drawNames } from './names.ts'
import { distance, type Span } from './spans.ts'
import { GROUND, NUMBER, PAPER, STREETS } from './style.ts'

export interface Drawn {
  layer: string
  /** SVG path in points from the middle of the frame; of a point its place. */
  path: string
  kind: string | null
  width_m: number | null
  el: string | null
  en: string | null
}

/** What is drawn, from the ground up, and the fields that say how. */
const FIELDS: Record<string, { kind?: string; width?: string; names?: [string, string] }> = {
  land: {},
  green: { kind: 'kind' },
  block: {},
  pier: {},
  street: { kind: 'kind', width: 'width_m', names: ['name_el', 'name_en'] },
  building: {},
  address: { names: ['number', 'number'] },
}

/** The layers of the base map that the caller may see, by slug. */
export const groundOf = async (ctx: Context): Promise<Map<string, Layer>> =>
  new Map((await listLayers(ctx)).filter(({ slug }) => slug in FIELDS).map((layer) => [layer.slug, layer]))

/**
 * Reads what lies in the frame, in one statement. The layers are those of the portal's own base map, if they are there.
 * without: those of them that are too small to be seen at this scale.
 */
export async function readMap(ctx: Context, frame: Frame, without: readonly string[] = []): Promise<Drawn[]> {
  const known = await groundOf(ctx)
  const parts = Object.entries(FIELDS).flatMap(([slug, { kind, width, names }]) => {
    const fields = new Set(known.get(slug)?.fields.map(({ name }) => name))
    if (!known.has(slug) || without.includes(slug)) return []
    const column = (name: string | undefined, type: string) =>
      name && fields.has(name) ? { text: `f.??::${type}`, names: [name] } : { text: `NULL::${type}`, names: [] }
    const columns = [
      column(kind, 'text'),
      column(width, 'float8'),
      column(names?.[0], 'text'),
      column(names?.[1], 'text'),
    ]
    return [
      {
        text: columns.map(({ text }) => text).join(', '),
        names: columns.flatMap((one) => one.names),
        slug,
        isDated: known.get(slug)?.is_dated,
      },
    ]
  })
  if (parts.length === 0) return []
  const union = parts.map(
    ({
      text,
      isDated,
    }) => `SELECT ?::text AS layer, ST_ClipByBox2D(ST_Transform(f.geom, 2100), paper.box::box2d) AS geom, ${text}
                     FROM ?? AS f, paper WHERE f.geom && paper.wide${isDated ? ` AND ${validOn('(SELECT asked_day())', 'f.')}` : ''}`,
  )
  const k = pointsPerMetre(frame)
  const { rows } = await reading(ctx, (db) =>
    db.raw(
      `WITH ${PAPER_SQL},
            drawn (layer, geom, kind, width_m, el, en) AS (${union.join(' UNION ALL ')})
       SELECT d.layer, d.kind, d.width_m, d.el, d.en,
              CASE WHEN ST_Dimension(d.geom) = 0
                   THEN format('M %s %s', (ST_X(ST_Centroid(d.geom)) - p.x) * ?::float8, (p.y - ST_Y(ST_Centroid(d.geom))) * ?::float8)
                   ELSE ST_AsSVG(ST_TransScale(d.geom, -p.x, -p.y, ?::float8, ?::float8), 0, 2) END AS path
         FROM drawn AS d, paper AS p
        WHERE NOT ST_IsEmpty(d.geom)
        LIMIT ${MOST_DRAWN}`,
      [...paperOf(frame), ...parts.flatMap(({ slug, names }) => [slug, ...names, tableOf(slug)]), k, k, k, k],
    ),
  )
  return rows
}

/** A GeoJSON geometry (WGS 84) as an SVG path in points from the middle of the frame. */
export async function pathOf(ctx: Context, frame: Frame, geometry: object): Promise<string> {
  const k = pointsPerMetre(frame)
  const { rows } = await reading(ctx, (db) =>
    db.raw(
      `SELECT ST_AsSVG(ST_TransScale(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326), 2100), -ST_X(m.point), -ST_Y(m.point), ?::float8, ?::float8), 0, 1) AS path
         FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 4326), 2100) AS point) AS m`,
      [JSON.stringify(geometry), k, k, frame.lon, frame.lat],
    ),
  )
  return rows[0].path
}

/** A sheet with more on it is not legible any more. */
export const MOST_DRAWN = 20_000

interface Upon {
  /** Draws on the ground and under the names. Returns what they keep off. */
  under?: () => Span[]
  /** Draws on top of the map. */
  on?: () => void
}

/** Draws the map into its frame, and what is drawn upon it with the middle of the frame as origin. */
export function drawMap(pdf: Pdf, frame: Frame, drawn: Drawn[], language: Language, { under, on }: Upon): void {
  const { left, top, width, height } = frame
  const of = (layer: string) => drawn.filter((one) => one.layer === layer && one.path)
  pdf.save()
  pdf.rect(left, top, width, height).clip()
  pdf.rect(left, top, width, height).fill(PAPER.water)
  pdf.translate(left + width / 2, top + height / 2)
  for (const layer of ['land', 'green', 'block', 'pier'])
    for (const { path, kind } of of(layer)) pdf.path(path).fill(GROUND[kind ?? ''] ?? GROUND[layer], 'even-odd')
  drawStreets(pdf, frame, of('street'))
  for (const { path } of of('building')) pdf.path(path).lineWidth(0.3).fillAndStroke(PAPER.building, PAPER.wall)
  const taken = under?.() ?? []
  drawNumbers(pdf, frame, of('address'), taken)
  const names = longestOfEachName(of('street'))
  drawNames(
    pdf,
    names.map(({ path, el, en }) => ({ path, name: (language === 'el' ? el : en) ?? el ?? '' })),
    { taken },
  )
  on?.()
  pdf.restore()
  pdf.rect(left, top, width, height).lineWidth(0.75).stroke(PAPER.frame)
}

function drawStreets(pdf: Pdf, frame: Frame, streets: Drawn[]): void {
  const k = pointsPerMetre(frame)
  const wide = ({ kind, width_m }: Drawn) => Math.max((width_m ?? 6) * k, kind === 'path' ? 0.5 : 1.2)
  pdf.lineCap('round').lineJoin('round')
  for (const street of streets)
    pdf
      .path(street.path)
      .lineWidth(wide(street) + 0.8)
      .stroke(PAPER.kerb)
  for (const street of streets)
    pdf
      .path(street.path)
      .lineWidth(wide(street))
      .stroke(STREETS[street.kind ?? ''] ?? PAPER.street)
  pdf.lineCap('butt').lineJoin('miter')
}

function drawNumbers(pdf: Pdf, { scale }: Frame, addresses: Drawn[], taken: readonly Span[]): void {
  if (scale > NUMBER.down_to) return
  pdf.font('plain', NUMBER.size).fillColor(PAPER.text)
  for (const { path, el } of addresses) {
    const [, x, y] = path.split(' ').map(Number) as [number, number, number]
    if (taken.some((span) => distance([x, y], span) < NUMBER.size)) continue
    const text = el ?? ''
    pdf.text(text, x - pdf.widthOfString(text) / 2, y - NUMBER.size * 0.7, { lineBreak: false })
  }
}

/** A street is named once. */
function longestOfEachName(streets: Drawn[]): Drawn[] {
  const best = new Map<string, Drawn>()
  for (const street of streets) {
    const before = best.get(street.el ?? '')
    if (street.el && (!before || before.path.length < street.path.length)) best.set(street.el, street)
  }
  return [...best.values()]
}

/** The bar that tells the scale, a round number of metres, and the arrow to the north. */
export function drawScale(pdf: Pdf, frame: Frame, language: Language): void {
  const k = pointsPerMetre(frame)
  const metres = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].findLast((m) => m * k <= 120) ?? 5
  const { left, top, width, height } = frame
  const words = `${metres.toLocaleString(language)} m   1:${frame.scale.toLocaleString(language)}`
  const x = left + 8
  const y = top + height - 12
  const long = metres * k
  pdf.font('plain', 8)
  const wide = long + 8 + pdf.widthOfString(words)
  pdf
    .rect(left + 3, y - 8, wide + 10, 16)
    .fillOpacity(0.85)
    .fill('#ffffff')
    .fillOpacity(1)
  pdf.rect(x, y - 2, long / 2, 4).fill(PAPER.text)
  pdf
    .rect(x, y - 2, long, 4)
    .lineWidth(0.7)
    .stroke(PAPER.text)
  pdf.fillColor(PAPER.text).text(words, x + long + 6, y - 6, { lineBreak: false })
  const north = left + width - 16
  pdf
    .rect(north - 11, top + 3, 22, 36)
    .fillOpacity(0.85)
    .fill('#ffffff')
    .fillOpacity(1)
  pdf.path(`M ${north} ${top + 8} l 6 16 l -6 -4 l -6 4 Z`).fillAndStroke(PAPER.text, '#ffffff')
  pdf
    .font('bold', 8)
    .fillColor(PAPER.text)
    .text('N', north - 3, top + 25, { lineBreak: false })
}

/** The place that the sheet is about, at the origin. */
export function drawPin(pdf: Pdf): void {
  pdf
    .path('M 0 0 C -3 -7 -8 -9 -8 -15 A 8 8 0 1 1 8 -15 C 8 -9 3 -7 0 0 Z')
    .lineWidth(1)
    .fillAndStroke(PAPER.pin, '#ffffff')
  pdf.circle(0, -15, 3).fill('#ffffff')
}
