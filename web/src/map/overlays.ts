// Draws the layers of the catalogue that are switched on, with their own style, between the town and its labels.
import type { LayerSpecification, Map as MapLibre, VectorTileSource } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import { language } from '../core/i18n/index.ts'
import { FIRST_LABEL, FONT, sourceOf } from './basemap.ts'
import { palette } from './theme.ts'

/** By type of layer, from the ground up. */
const OPACITY: Record<string, string[]> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity', 'icon-opacity'],
}

const PREFIX = 'overlay:'

/** Takes away what is off or looks another way by now, adds what is on, in the order given; opacity 0..1 by slug. */
export function drawOverlays(map: MapLibre, layers: Layer[], shown: ReadonlyMap<string, number>): void {
  // Names of features are written in the language of the page (backend: styling/compile.ts).
  map.setGlobalStateProperty('language', language.value)
  const looks = new Map(layers.map(({ slug, style }) => [slug, JSON.stringify(style)]))
  for (const { id, metadata } of map.getStyle().layers) {
    const slug = id.split(':')[1] ?? ''
    const isSame = (metadata as { look?: string } | undefined)?.look === looks.get(slug)
    if (id.startsWith(PREFIX) && !(shown.has(slug) && isSame)) map.removeLayer(id)
  }
  const before = map.getLayersOrder().length
  for (const layer of layers) {
    const opacity = shown.get(layer.slug)
    if (opacity === undefined) continue
    const source = `${PREFIX}${layer.slug}`
    followTiles(map, source, layer)
    layer.style.forEach((style, index) => drawStyle(map, layer, style, `${source}:${index}`, opacity))
  }
  if (map.getLayersOrder().length > before) stack(map, layers)
}

/** An edit, or another day, gives the tiles another address. */
function followTiles(map: MapLibre, id: string, layer: Layer): void {
  const source = map.getSource<VectorTileSource>(id)
  const tiles = [location.origin + layer.tiles]
  if (!source) return void map.addSource(id, sourceOf(layer))
  if (source.tiles[0] === tiles[0]) return
  // MapLibre asks for no tile again that is on its way: it comes from the old address, and would stay.
  if (!map.isSourceLoaded(id)) map.once('idle', () => map.getSource(id) === source && source.setTiles(source.tiles))
  source.setTiles(tiles)
}

/** Areas lie under lines, lines under points, whatever was switched on first. */
function stack(map: MapLibre, layers: Layer[]): void {
  const drawn = layers.flatMap(({ slug, style }) =>
    style.map(({ type }, index) => ({ type, id: `${PREFIX}${slug}:${index}` })),
  )
  for (const type of Object.keys(OPACITY))
    for (const { id } of drawn.filter((entry) => entry.type === type))
      if (map.getLayer(id)) map.moveLayer(id, below(map))
}

const below = (map: MapLibre) => (map.getLayer(FIRST_LABEL) ? FIRST_LABEL : undefined)

/** Letters in the typeface of the map, in colours that can be read on it by day and by night, unless the style says otherwise. */
function lettered(style: Layer['style'][number]): Layer['style'][number] {
  const { text, halo } = palette()
  return {
    ...style,
    layout: { 'text-font': FONT, ...(style['layout'] as object) },
    paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.6, ...(style['paint'] as object) },
  }
}

function drawStyle(map: MapLibre, layer: Layer, style: Layer['style'][number], id: string, opacity: number): void {
  if (!map.getLayer(id)) {
    const specification = {
      ...(style['layout'] && 'text-field' in (style['layout'] as object) ? lettered(style) : style),
      metadata: { look: JSON.stringify(layer.style) },
      id,
      source: `${PREFIX}${layer.slug}`,
      'source-layer': layer.slug,
    } as unknown as LayerSpecification
    map.addLayer(specification, below(map))
  }
  const paint = (style['paint'] ?? {}) as Record<string, unknown>
  for (const property of OPACITY[style.type] ?? []) {
    const own = paint[property] ?? 1
    const value = typeof own === 'number' ? own * opacity : opacity === 1 ? own : opacity
    map.setPaintProperty(id, property as never, value as never)
  }
}
