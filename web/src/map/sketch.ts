// What a person draws on the map: points, lines and areas, above everything else.
import { along, booleanPointInPolygon, centerOfMass, length, lineString, pointOnFeature, polygon } from '@turf/turf'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { onUnmounted, ref, watch, type Ref } from 'vue'
import { FONT } from './basemap.ts'
import { isTouch, useGrip } from './grip.ts'
import { palette } from './theme.ts'
import { map, onMapClick, styleRevision, type LonLat } from './useMap.ts'

export interface Shape {
  kind: 'point' | 'line' | 'area'
  /** Longitude, latitude; degrees. Too few for their kind, they are drawn as far as they go. */
  corners: readonly LonLat[]
  /** As CSS writes it. */
  colour: string
  label?: string
}

const ID = 'sketch'
/** A fingertip is not exact. */
const REACH_PX = { mouse: 5, finger: 16 }
const COLOUR = '#b3005e'

interface Sketch {
  /** Longitude, latitude; degrees. */
  corners: Ref<LonLat[]>
  /** Sets a corner in the middle of the map: for who has no mouse. */
  addCentre: () => void
  undo: () => void
}

/** One line or closed shape, drawn while the component lives; as long as isOn says so clicks on the map add a corner, and corners are dragged. */
export function useSketch(isClosed: () => boolean, isOn: () => boolean, start: LonLat[] = []): Sketch {
  const corners = ref<LonLat[]>(start)
  const stop = onMapClick((at) => {
    if (!isOn()) return false
    corners.value = [...corners.value, at]
    return true
  })
  useGrip<number>({
    hold: (event) =>
      isOn() ? shapeAt(map.value!, event.point, isTouch(event) ? REACH_PX.finger : REACH_PX.mouse)?.corner : undefined,
    drag: (corner, at) => (corners.value = corners.value.with(corner, at)),
    drop: () => undefined,
  })
  const draw = () => drawSketch([{ kind: isClosed() ? 'area' : 'line', corners: corners.value, colour: COLOUR }], 0)
  watch([corners, isClosed, styleRevision, map], draw, { immediate: true })
  onUnmounted(() => {
    stop()
    drawSketch([])
  })
  return {
    corners,
    addCentre: () => {
      const centre = centreOfMap()
      if (centre) corners.value = [...corners.value, centre]
    },
    undo: () => (corners.value = corners.value.slice(0, -1)),
  }
}

export function centreOfMap(): LonLat | undefined {
  const centre = map.value?.getCenter()
  return centre && [centre.lng, centre.lat]
}

/** Moves the map to where all of these corners are seen. */
export function frame(corners: readonly LonLat[]): void {
  const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)]
  if (corners.length > 0)
    map.value?.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 48, maxZoom: 17, animate: false }) // prettier-ignore
}

/** Shows these, and the corners of the chosen one as handles; none: takes all away. Call again after the style has changed. */
export function drawSketch(shapes: readonly Shape[], chosen: number | null = null): void {
  const there = map.value
  if (!there?.getStyle()) return
  const features = [
    ...shapes.flatMap((shape, item) => drawn(shape, item)),
    ...(shapes[chosen ?? -1]?.corners ?? []).map((at, corner) => feature('Point', at, { role: 'corner', item: chosen, corner, colour: shapes[chosen!]!.colour })), // prettier-ignore
  ]
  const data = { type: 'FeatureCollection', features } as never
  const source = there.getSource<GeoJSONSource>(ID)
  if (source) return void source.setData(data)
  if (features.length === 0) return
  there.addSource(ID, { type: 'geojson', data })
  for (const layer of layers()) there.addLayer({ ...layer, source: ID } as never)
}

/** The shape under a pointer and, on a handle, which corner; the nearer the top, the sooner. */
export function shapeAt(
  there: MapLibre,
  { x, y }: { x: number; y: number },
  reach: number,
): { item: number; corner?: number } | undefined {
  // prettier-ignore
  for (const part of ['corner', 'dot', 'line', 'fill']) {
    const layer = `${ID}:${part}`
    const far = part === 'fill' ? 0 : reach
    const [hit] = there.getLayer(layer) ? there.queryRenderedFeatures([[x - far, y - far], [x + far, y + far]], { layers: [layer] }) : [] // prettier-ignore
    if (hit) return hit.properties as { item: number; corner?: number }
  }
  return undefined
}

const feature = (type: string, coordinates: unknown, properties: object) => ({ type: 'Feature', properties, geometry: { type, coordinates } }) // prettier-ignore

function drawn({ kind, corners, colour, label }: Shape, item: number) {
  const [first] = corners
  if (!first) return []
  const common = { item, colour }
  const isShape = kind === 'area' && corners.length > 2
  const line = isShape ? [...corners, first] : corners
  return [
    ...(isShape ? [feature('Polygon', [line], common)] : []),
    ...(line.length > 1 ? [feature('LineString', line, common)] : []),
    ...(kind === 'point' ? [feature('Point', first, { ...common, role: 'dot' })] : []),
    ...(label ? [feature('Point', labelPoint(line, isShape), { ...common, role: `label-${kind}`, label })] : []),
  ]
}

/** One place for the words: tiles would cut a line or an area into pieces, each with words of its own. */
function labelPoint(line: readonly LonLat[], isShape: boolean): number[] {
  if (line.length === 1) return [...line[0]!]
  if (isShape) {
    const shape = polygon([line as LonLat[]])
    const middle = centerOfMass(shape)
    return (booleanPointInPolygon(middle, shape) ? middle : pointOnFeature(shape)).geometry.coordinates
  }
  const string = lineString(line as LonLat[])
  return along(string, length(string) / 2).geometry.coordinates
}

function layers() {
  const { halo, text } = palette()
  const colour = ['get', 'colour']
  const words = {
    type: 'symbol',
    layout: { 'text-font': FONT, 'text-field': ['get', 'label'], 'text-size': 14, 'text-max-width': 10 },
    paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 2 },
  }
  return [
    { id: `${ID}:fill`, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour, 'fill-opacity': 0.15 } },
    { id: `${ID}:casing`, type: 'line', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': halo, 'line-width': 6, 'line-opacity': 0.8 } },
    { id: `${ID}:line`, type: 'line', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': colour, 'line-width': 3 } },
    { id: `${ID}:dot`, type: 'circle', filter: ['==', ['get', 'role'], 'dot'], paint: { 'circle-color': colour, 'circle-radius': 8, 'circle-stroke-color': halo, 'circle-stroke-width': 2.5 } },
    { id: `${ID}:corner`, type: 'circle', filter: ['==', ['get', 'role'], 'corner'], paint: { 'circle-color': halo, 'circle-radius': 6, 'circle-stroke-color': colour, 'circle-stroke-width': 3 } },
    // Beside a dot and a line, but in the middle of an area.
    { ...words, id: `${ID}:beside`, filter: ['in', ['get', 'role'], ['literal', ['label-point', 'label-line']]], layout: { ...words.layout, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.9, 'text-justify': 'auto' } },
    { ...words, id: `${ID}:within`, filter: ['==', ['get', 'role'], 'label-area'] },
  ] // prettier-ignore
}
