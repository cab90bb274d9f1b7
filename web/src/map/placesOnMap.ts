// Places of a list as discs that carry their number in it.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { FONT } from './basemap.ts'
import { palette } from './theme.ts'
import { onMapClick } from './useMap.ts'

interface Place {
  id: string
  geometry: unknown
}

const SOURCE = 'places'

/** Shows these places in their order; call again after the style has changed. */
export function drawPlaces(map: MapLibre, places: readonly Place[]): void {
  const features = places.map(({ id, geometry }, n) => ({ type: 'Feature', geometry, properties: { place: id, number: n + 1 } })) // prettier-ignore
  const data = { type: 'FeatureCollection' as const, features }
  const source = map.getSource(SOURCE) as GeoJSONSource | undefined
  if (source) return void source.setData(data as never)
  if (places.length === 0) return
  map.addSource(SOURCE, { type: 'geojson', data: data as never })
  const p = palette()
  map.addLayer({
    id: 'place',
    type: 'circle',
    source: SOURCE,
    // The nearest lies on top, and keeps its number where there is no room for all.
    layout: { 'circle-sort-key': ['-', ['get', 'number']] },
    paint: { 'circle-color': p.accent, 'circle-radius': 12, 'circle-stroke-color': p.halo, 'circle-stroke-width': 2 },
  })
  map.addLayer({
    id: 'place-number',
    type: 'symbol',
    source: SOURCE,
    layout: {
      'text-font': FONT,
      'text-field': ['to-string', ['get', 'number']],
      'text-size': 12,
      'symbol-sort-key': ['get', 'number'],
      'text-padding': 6,
    },
    paint: { 'text-color': p.halo },
  })
}

/** Calls back with the place (layer/key) that was clicked. */
export function onPlaceClick(map: MapLibre, open: (id: string) => void): () => void {
  return onMapClick((_at, { point }) => {
    if (!map.getLayer('place')) return false
    const [hit] = map.queryRenderedFeatures(point, { layers: ['place'] })
    if (hit) open(String(hit.properties['place']))
    return Boolean(hit)
  })
}
