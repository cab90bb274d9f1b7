// Building conditions on paper: the plot on a map that it fills, its areas, and what each zone allows.
import type { Language } from '../core/contract.ts'
import { type Context, reading } from '../core/http/context.ts'
import { text } from '../core/i18n/text.ts'
import type { Pdf, Sheet } from '../core/pdf.ts'
import type { Layer } from '../layers/contract.ts'
import { drawSheet, factsOf, type Line, listLayers, scaleFor } from '../layers/service.ts'
import { cityTitle } from '../places/service.ts'
import type { CutZone } from './contract.ts'
import type { MeasuredPlot } from './plot.ts'

/** Draws the sheet; it is to be sent with sendSheet(). */
export async function drawPlot(ctx: Context, plot: MeasuredPlot): Promise<Sheet> {
  const { language, baseUrl } = ctx
  const [lon, lat] = plot.centre
  const [from, layers, outline] = await Promise.all([cityTitle(ctx), listLayers(ctx), outlineOf(ctx, plot)])
  const title = text(language, 'building.title')
  return drawSheet(ctx, {
    from,
    title: `${title}: ${plot.title?.[language] ?? text(language, 'building.plot')}`,
    lon,
    lat,
    scale: scaleFor(plot.width_m, plot.height_m),
    on: (pdf, points_per_m) => drawOutline(pdf, outline, points_per_m),
    under: `${text(language, 'building.area')}: ${square(plot.area_m2, language)}   ·   ${text(language, 'building.perimeter')}: ${metres(plot.perimeter_m, language)}`,
    blocks: [totalBlock(plot, language), ...plot.zones.map((zone) => zoneBlock(zone, plot, layers, language))],
    note: text(language, 'building.informative'),
    url: `${baseUrl}/building?${queryOf(plot)}`,
    origins: plot.sources,
  })
}

const number = (value: number, language: Language) => value.toLocaleString(language, { maximumFractionDigits: 1 })
const square = (m2: number, language: Language) => `${number(m2, language)} m²`
const metres = (m: number, language: Language) => `${number(m, language)} m`

/** The address in the portal: a block by a point in it, a plot by its corners. */
function queryOf({ title, inside, geometry }: MeasuredPlot): string {
  if (title) return `block=${inside.map((c) => c.toFixed(6)).join(',')}`
  const [ring = []] = geometry['coordinates'] as [number, number][][]
  return `ring=${ring
    .slice(0, -1)
    .map((corner) => corner.join(','))
    .join(';')}`
}

/** The plot as an SVG path in metres from the middle of the map, north up. */
async function outlineOf(ctx: Context, { geometry, centre: [lon, lat] }: MeasuredPlot): Promise<string> {
  const { rows } = await reading(ctx, (db) =>
    db.raw(
      `SELECT ST_AsSVG(ST_Translate(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326), 2100), -ST_X(m.point), -ST_Y(m.point)), 0, 2) AS path
         FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 4326), 2100) AS point) AS m`,
      [JSON.stringify(geometry), lon, lat],
    ),
  )
  return rows[0].path
}

const PLOT = '#b3005e'

function drawOutline(pdf: Pdf, outline: string, points_per_m: number): void {
  pdf.save().scale(points_per_m)
  pdf
    .path(outline)
    .lineWidth(1.8 / points_per_m)
    .fillOpacity(0.12)
    .fillAndStroke(PLOT, PLOT)
  pdf.fillOpacity(1).restore()
}

function totalBlock(plot: MeasuredPlot, language: Language): Line[] {
  const lines = [
    plot.floor_area_m2 !== null && `${text(language, 'building.floor_area')}: ${square(plot.floor_area_m2, language)}`,
    plot.footprint_m2 !== null && `${text(language, 'building.footprint')}: ${square(plot.footprint_m2, language)}`,
    plot.unzoned_m2 >= 1 && text(language, 'building.unzoned', { area: number(plot.unzoned_m2, language) }),
    plot.zones.length === 0 && text(language, 'building.no_zone'),
  ]
  const title = { text: text(language, 'building.results'), isTitle: true }
  return [title, ...lines.flatMap((line) => (line ? [{ text: line }] : []))]
}

function zoneBlock(zone: CutZone, plot: MeasuredPlot, layers: Layer[], language: Language): Line[] {
  const fields = layers.find(({ slug }) => slug === zone.layer.slug)?.fields ?? []
  const share = zone.share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 })
  const part =
    plot.zones.length > 1 ? [text(language, 'building.share', { share, area: number(zone.area_m2, language) })] : []
  const small =
    zone.is_large_enough === false
      ? [text(language, 'building.too_small', { least: number(zone.min_plot_m2 ?? 0, language) })]
      : []
  const facts = factsOf(fields, zone.properties, language).map(({ title, value }) => `${title}: ${value}`)
  const title = { text: zone.title?.[language] ?? zone.layer.title[language], isTitle: true }
  return [title, ...[...part, ...small, ...facts].map((line) => ({ text: line }))]
}
