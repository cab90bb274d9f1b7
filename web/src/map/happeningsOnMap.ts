// What is on, as named dots while the calendar is open.
import type { GeoJSONSource } from 'maplibre-gl'
import { watch } from 'vue'
import { FONT } from './basemap.ts'
import { palette } from './theme.ts'
import { map, onMapClick, styleRevision } from './useMap.ts'

interface Dot {
  /** Where it is told: layer and id. */
  path: string
  name: string
  /** Longitude, latitude; degrees. */
  point: readonly [number, number]
}

const ID = 'happenings'
let shown: readonly Dot[] = []

/** Shows these; an empty list takes all away. */
export function showHappenings(dots: readonly Dot[]): void {
  shown = dots
  draw()
}

function draw(): void {
  const there = map.value
  if (!there) return
  if (!there.isStyleLoaded()) return void there.once('idle', draw)
  const data = {
    type: 'FeatureCollection' as const,
    features: shown.map(({ path, name, point }) => ({
      type: 'Feature' as const,
      properties: { path, name },
      geometry: { type: 'Point' as const, coordinates: [...point] },
    })),
  }
  const source = there.getSource<GeoJSONSource>(ID)
  if (source) return void source.setData(data)
  if (shown.length === 0) return
  const { accent, halo, text } = palette()
  there.addSource(ID, { type: 'geojson', data })
  there.addLayer({ id: `${ID}:dot`, type: 'circle', source: ID, paint: { 'circle-radius': 9, 'circle-color': accent, 'circle-stroke-color': halo, 'circle-stroke-width': 2.5 } }) // prettier-ignore
  there.addLayer({
    id: `${ID}:name`,
    type: 'symbol',
    source: ID,
    layout: {
      'text-font': FONT,
      'text-field': ['get', 'name'],
      'text-size': 13,
      'text-max-width': 9,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 1,
      'text-justify': 'auto',
    },
    paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.6 },
  })
}

/** Calls back with the path of the dot that was clicked. */
export const onHappeningClick = (open: (path: string) => void): (() => void) =>
  onMapClick((_at, { point }) => {
    if (!map.value?.getLayer(`${ID}:dot`)) return false
    const [hit] = map.value.queryRenderedFeatures(point, { layers: [`${ID}:dot`] })
    if (!hit) return false
    open(String(hit.properties['path']))
    return true
  })

watch(styleRevision, draw)
watch(map, draw)
