// What scripts add to the pages of open data: the map. Everything else is there without them.
import 'maplibre-gl/dist/maplibre-gl.css'
import '@fontsource-variable/noto-sans/index.css'
import '../ui/tokens.css'
import './page.css'
import type { LngLatBoundsLike, Map as MapLibre } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import { basemapStyle } from '../map/basemap.ts'
import { city, layers, loadCatalogue } from '../map/catalogue.ts'
import { drawOverlays } from '../map/overlays.ts'
import { palette } from '../map/theme.ts'
import { createMap } from '../map/useMap.ts'

/** GeoJSON, as the server wrote it. */
interface Feature {
  geometry: { coordinates: unknown[] } | null
}

const PADDING_PX = 24
/** A single point is shown with the street around it. */
const NEAREST_ZOOM = 17

async function fillMap(container: HTMLElement): Promise<void> {
  await loadCatalogue()
  if (!city.value) return
  container.hidden = false
  const map = createMap(container, { centre: city.value.centre, zoom: city.value.zoom })
  map.scrollZoom.disable()
  map.setStyle(basemapStyle(city.value, layers.value))
  await map.once('style.load')
  const inline = document.querySelector<HTMLTemplateElement>('#features')?.content.textContent
  if (inline) showFeatures(map, JSON.parse(inline).features)
  else showLayer(map, container.dataset['collection'] ?? '', JSON.parse(container.dataset['bbox'] ?? 'null'))
}

function showLayer(map: MapLibre, slug: string, bbox: [number, number, number, number] | null): void {
  const layer: Layer | undefined = layers.value.find((one) => one.slug === slug)
  if (layer) drawOverlays(map, [layer], new Map([[slug, 1]]))
  if (bbox) map.fitBounds(bbox, { padding: PADDING_PX, animate: false })
}

function showFeatures(map: MapLibre, features: Feature[]): void {
  const { accent, halo } = palette()
  map.addSource('features', { type: 'geojson', data: { type: 'FeatureCollection', features } as never })
  map.addLayer({ id: 'area', type: 'fill', source: 'features', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': accent, 'fill-opacity': 0.25 } }) // prettier-ignore
  map.addLayer({ id: 'line', type: 'line', source: 'features', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': accent, 'line-width': 2.5 } }) // prettier-ignore
  map.addLayer({ id: 'point', type: 'circle', source: 'features', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 7, 'circle-color': accent, 'circle-stroke-color': halo, 'circle-stroke-width': 2 } }) // prettier-ignore
  const around = boundsOf(features)
  if (around) map.fitBounds(around, { padding: PADDING_PX * 2, maxZoom: NEAREST_ZOOM, animate: false })
}

/** West, south, east, north of what is shown; null when it is nothing. */
function boundsOf(features: Feature[]): LngLatBoundsLike | null {
  const numbers = features.flatMap(({ geometry }) => (geometry ? geometry.coordinates.flat(4) : [])) as number[]
  const [lons, lats] = [numbers.filter((_, n) => n % 2 === 0), numbers.filter((_, n) => n % 2 === 1)]
  if (lons.length === 0) return null
  const ends = (values: number[]) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)] as [number, number], [Infinity, -Infinity] as [number, number]) // prettier-ignore
  const [[west, east], [south, north]] = [ends(lons), ends(lats)]
  return [west, south, east, north]
}

const container = document.querySelector<HTMLElement>('.map')
if (container) void fillMap(container)
