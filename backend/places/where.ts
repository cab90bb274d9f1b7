// "What is here": the areas of a point, and the features of the visible layers at it.
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import type { Localised } from '../core/contract.ts'
import type { Layer } from '../layers/contract.ts'
import { listLayers } from '../layers/service.ts'
import { locate } from './service.ts'

/** A finger on a phone covers about this much of a street at zoom 17, metres. */
const TOUCH_M = 15

/** Already told as areas of the place, or only drawn. */
const TOLD_ELSEWHERE = new Set(['boundary', 'municipal_unit', 'district', 'address'])

interface Row {
  id: string
  properties: Record<string, unknown>
  distance_m: number
}

/** Everything the city knows about one point. lon, lat in degrees (EPSG:4326). */
export async function whatIsHere(ctx: Context, { lon, lat }: { lon: number; lat: number }) {
  const layers = (await listLayers(ctx)).filter(({ role, theme }) => !TOLD_ELSEWHERE.has(role) && theme !== 'basemap')
  const [located, ...found] = await Promise.all([
    locate(ctx.db, [[lon, lat]]),
    ...layers.map((layer) => featuresAt(ctx, layer, lon, lat)),
  ])
  const features = found.flat().sort((a, b) => a.distance_m - b.distance_m)
  const place = located[0]?.place
  if (!place) throw new Error('locate() answers every point')
  return { lon, lat, place, features }
}

async function featuresAt(ctx: Context, layer: Layer, lon: number, lat: number) {
  const rows = await sql<Row>(ctx.db, 'places/features_at', { table: `gis.${layer.slug}`, lon, lat, radius_m: TOUCH_M })
  return rows.map(({ id, properties, distance_m }) => ({
    layer: { slug: layer.slug, title: layer.title },
    id,
    title: titleOf(layer, properties),
    properties: visibleProperties(layer, properties),
    distance_m,
  }))
}

// The catalogue has been cut to what the caller may see, so its fields are the allow-list.
const visibleProperties = (layer: Layer, properties: Record<string, unknown>) =>
  Object.fromEntries(layer.fields.flatMap(({ name }) => (properties[name] == null ? [] : [[name, properties[name]]])))

function titleOf({ title_fields }: Layer, properties: Record<string, unknown>): Localised | null {
  const el = title_fields && properties[title_fields.el]
  const en = title_fields && properties[title_fields.en]
  return el || en ? { el: String(el ?? en), en: String(en ?? el) } : null
}
