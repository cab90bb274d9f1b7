// Draws the layers of the catalogue that are switched on, with their own style, between the town and its labels.
import type { LayerSpecification, Map as MapLibre } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import { FIRST_LABEL, sourceOf } from './basemap.ts'

/** By type of layer, from the ground up. */
const OPACITY: Record<string, string[]> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity', 'icon-opacity'],
}

const PREFIX = 'overlay:'

/** Takes away what is off, adds what is on, in the order given; opacity 0..1 by slug. */
export function drawOverlays(map: MapLibre, layers: Layer[], shown: ReadonlyMap<string, number>): void {
  for (const { id } of map.getStyle().layers) {
    if (id.startsWith(PREFIX) && !shown.has(id.split(':')[1] ?? '')) map.removeLayer(id)
  }
  const before = map.getLayersOrder().length
  for (const layer of layers) {
    const opacity = shown.get(layer.slug)
    if (opacity === undefined) continue
    const source = `${PREFIX}${layer.slug}`
    if (!map.getSource(source)) map.addSource(source, sourceOf(layer))
    layer.style.forEach((style, index) => drawStyle(map, layer, style, `${source}:${index}`, opacity))
  }
  if (map.getLayersOrder().length > before) stack(map, layers)
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

function drawStyle(map: MapLibre, layer: Layer, style: Layer['style'][number], id: string, opacity: number): void {
  if (!map.getLayer(id)) {
    const specification = {
      ...style,
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
