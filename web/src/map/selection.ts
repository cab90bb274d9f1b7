// The one feature that is selected, as the address says (?feature=<layer>/<id>): marked above everything else.
import type { LayerSpecification, Map as MapLibre } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import { sourceOf } from './basemap.ts'
import { palette } from './theme.ts'

const ID = 'selection'

/** Reads "layer/id"; null when it names no layer that is there. */
function read(feature: unknown, layers: Layer[]): { layer: Layer; id: number } | null {
  const [slug, id] = typeof feature === 'string' ? feature.split('/') : []
  const layer = layers.find((each) => each.slug === slug)
  return layer && id && /^\d+$/.test(id) ? { layer, id: Number(id) } : null
}

function marks({ geometry_type }: Layer): Pick<LayerSpecification, 'type' | 'paint'>[] {
  const { accent, halo } = palette()
  if (geometry_type === 'Point')
    return [{ type: 'circle', paint: { 'circle-radius': 15, 'circle-color': accent, 'circle-opacity': 0.15, 'circle-stroke-color': accent, 'circle-stroke-width': 3 } }] // prettier-ignore
  const outline = [
    { type: 'line', paint: { 'line-color': halo, 'line-width': 7, 'line-opacity': 0.9 } },
    { type: 'line', paint: { 'line-color': accent, 'line-width': 3.5 } },
  ] as const
  if (geometry_type === 'LineString') return [...outline]
  return [{ type: 'fill', paint: { 'fill-color': accent, 'fill-opacity': 0.15 } }, ...outline]
}

/** Marks the feature, or nothing. Call again after the style has changed. */
export function drawSelection(map: MapLibre, layers: Layer[], feature: unknown): void {
  for (const { id } of map.getStyle().layers) if (id.startsWith(`${ID}:`)) map.removeLayer(id)
  if (map.getSource(ID)) map.removeSource(ID)
  const selected = read(feature, layers)
  if (!selected) return
  map.addSource(ID, sourceOf(selected.layer))
  marks(selected.layer).forEach((mark, index) =>
    map.addLayer({
      ...mark,
      id: `${ID}:${index}`,
      source: ID,
      'source-layer': selected.layer.slug,
      filter: ['==', ['id'], selected.id],
    } as LayerSpecification),
  )
}
