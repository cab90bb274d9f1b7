// Features that are not part of the map yet: drawn above everything, while somebody decides about them.
import type { GeoJSONSource } from 'maplibre-gl'
import { watch } from 'vue'
import { map, styleRevision } from './useMap.ts'

const ID = 'preview'
const COLOUR = '#b3005e'

/** GeoJSON, WGS 84. */
export type Preview = Parameters<GeoJSONSource['setData']>[0]

/** By whom: a part of a page takes away only what is its own. */
const shown = new Map<string, Preview>()

/** Shows features (WGS 84) and moves there; bbox: west, south, east, north. Null takes away those of the same owner. */
export function showPreview(features: Preview | null, bbox?: readonly number[] | null, owner = 'page'): void {
  if (features) shown.set(owner, features)
  else shown.delete(owner)
  draw()
  const [west, south, east, north] = bbox ?? []
  if (west !== undefined && south !== undefined && east !== undefined && north !== undefined)
    map.value?.fitBounds([west, south, east, north], { padding: 60, maxZoom: 17, animate: false })
}

function featuresOf(preview: Preview): GeoJSON.Feature[] {
  if (typeof preview === 'string') return []
  if (preview.type === 'FeatureCollection') return preview.features
  return [preview.type === 'Feature' ? preview : { type: 'Feature', properties: {}, geometry: preview }]
}

function draw(): void {
  const there = map.value
  if (!there) return
  // Also while tiles of others are on their way.
  if (!there.isStyleLoaded()) return void there.once('idle', draw)
  const source = there.getSource<GeoJSONSource>(ID)
  const data = { type: 'FeatureCollection' as const, features: [...shown.values()].flatMap(featuresOf) }
  if (source) return void source.setData(data)
  if (shown.size === 0) return
  there.addSource(ID, { type: 'geojson', data })
  there.addLayer({ id: `${ID}:fill`, type: 'fill', source: ID, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': COLOUR, 'fill-opacity': 0.15 } }) // prettier-ignore
  there.addLayer({ id: `${ID}:line`, type: 'line', source: ID, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': COLOUR, 'line-width': 2 } }) // prettier-ignore
  there.addLayer({ id: `${ID}:circle`, type: 'circle', source: ID, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': COLOUR, 'circle-radius': 5, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1.5 } }) // prettier-ignore
}

watch(styleRevision, draw)
