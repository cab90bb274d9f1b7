import type { Context } from '../core/http/context.ts'
import type { Layer } from './contract.ts'

/** TileJSON 3.0.0. Bounds: west, south, east, north, degrees (EPSG:4326). */
export function tileJson(ctx: Context, layer: Layer) {
  const fields = layer.fields.filter(({ type }) => type !== 'json')
  const [west, south, east, north] = layer.bbox ?? [-180, -85.0511, 180, 85.0511]
  return {
    tilejson: '3.0.0' as const,
    // Who keeps this document asks for the tiles of a day, not of the day on which it was read.
    tiles: [`${ctx.baseUrl}${ctx.day ? layer.tiles : layer.tiles.replace(/&at=.*/, '')}`],
    name: layer.title[ctx.language],
    description: layer.description[ctx.language],
    attribution: layer.attribution[ctx.language],
    version: `1.${layer.revision}.0`,
    minzoom: layer.min_zoom,
    maxzoom: layer.max_zoom,
    bounds: [west, south, east, north],
    center: [(west + east) / 2, (south + north) / 2, layer.min_zoom],
    vector_layers: [
      {
        id: layer.slug,
        description: layer.description[ctx.language],
        minzoom: layer.min_zoom,
        maxzoom: layer.max_zoom,
        fields: Object.fromEntries(
          fields.map(({ name, title, unit }) => [name, title[ctx.language] + (unit ? ` (${unit})` : '')]),
        ),
      },
    ],
  }
}
