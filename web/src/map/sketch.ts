// Corners that a person sets on the map, one after the other: a line or a closed shape, drawn above everything.
import type { GeoJSONSource } from 'maplibre-gl'
import { onUnmounted, ref, watch, type Ref } from 'vue'
import { palette } from './theme.ts'
import { map, onMapClick, styleRevision, type LonLat } from './useMap.ts'

const ID = 'sketch'
const COLOUR = '#b3005e'

interface Sketch {
  /** Longitude, latitude; degrees. */
  corners: Ref<LonLat[]>
  /** Sets a corner in the middle of the map: for who has no mouse. */
  addCentre: () => void
  undo: () => void
}

/** Draws the corners while the component lives; clicks on the map add one as long as isOn says so. */
export function useSketch(isClosed: () => boolean, isOn: () => boolean, start: LonLat[] = []): Sketch {
  const corners = ref<LonLat[]>(start)
  const stop = onMapClick((at) => {
    if (!isOn()) return false
    corners.value = [...corners.value, at]
    return true
  })
  const draw = () => drawSketch(corners.value, isClosed())
  watch([corners, isClosed, styleRevision, map], draw, { immediate: true })
  onUnmounted(() => {
    stop()
    drawSketch([], false)
  })
  return {
    corners,
    addCentre: () => {
      const centre = map.value?.getCenter()
      if (centre) corners.value = [...corners.value, [centre.lng, centre.lat]]
    },
    undo: () => (corners.value = corners.value.slice(0, -1)),
  }
}

const feature = (type: string, coordinates: unknown) => ({
  type: 'Feature',
  properties: {},
  geometry: { type, coordinates },
})

function drawSketch(corners: LonLat[], isClosed: boolean): void {
  const there = map.value
  if (!there?.getStyle()) return
  const first = corners[0]
  const isShape = isClosed && corners.length > 2 && first
  const line = isShape ? [...corners, first] : corners
  const data = {
    type: 'FeatureCollection',
    features: [
      ...(isShape ? [feature('Polygon', [line])] : []),
      ...(line.length > 1 ? [feature('LineString', line)] : []),
      ...corners.map((corner) => feature('Point', corner)),
    ],
  } as never
  const source = there.getSource<GeoJSONSource>(ID)
  if (source) return void source.setData(data)
  if (!first) return
  const { halo } = palette()
  there.addSource(ID, { type: 'geojson', data })
  there.addLayer({ id: `${ID}:fill`, type: 'fill', source: ID, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': COLOUR, 'fill-opacity': 0.15 } }) // prettier-ignore
  there.addLayer({ id: `${ID}:line`, type: 'line', source: ID, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': COLOUR, 'line-width': 3 } }) // prettier-ignore
  there.addLayer({ id: `${ID}:corner`, type: 'circle', source: ID, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': halo, 'circle-radius': 6, 'circle-stroke-color': COLOUR, 'circle-stroke-width': 3 } }) // prettier-ignore
}
