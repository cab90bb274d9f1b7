// The feature that is being changed, above everything on the map: its corners can be dragged, points between them pulled out, all of it
// moved. What lies around it is drawn thinly, to be picked and to snap to.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { onUnmounted, type Ref, watch } from 'vue'
import type { EditableFeature } from '../../../../backend/layers/editing/contract.ts'
import { isTouch, type Press, useGrip } from '../../map/grip.ts'
import { palette } from '../../map/theme.ts'
import { map, onMapClick, styleRevision } from '../../map/useMap.ts'
import { type Corner, cornersOf, type Kind, middlesOf, type Parts, type Position } from '../../map/shape.ts'
import { REACH_PX, snapped } from './snap.ts'

const COLOUR = '#b3005e'
const OTHERS = 'edit:others'
const SHAPE = 'edit:shape'
const CORNERS = 'edit:corners'
const FAULT = 'edit:fault'
/** More would be a wall of dots: whoever comes nearer gets them. */
const MOST_CORNERS = 4000

interface Scene {
  kind: Kind
  parts: Ref<Parts | null>
  selected: Ref<Corner | null>
  others: Ref<EditableFeature[]>
  /** Lines of corners to snap to. */
  lines: Ref<Position[][]>
  /** Where the database has found something wrong. */
  fault: Ref<Position | null>
}

interface Deeds {
  /** A tap on ground or on another feature. */
  tap: (at: Position, featureId: string | null) => void
  select: (corner: Corner) => void
  /** Before the first move of a drag. */
  grab: () => void
  drag: (what: { corner: Corner; isNew: boolean } | 'all', at: Position, from: Position) => void
  drop: () => void
}

const feature = (type: string, coordinates: unknown, properties = {}) => ({ type: 'Feature', properties, geometry: { type, coordinates } }) // prettier-ignore

/** Draws the scene while the component lives, and tells what the pointer does; positions have been snapped. */
export function useEditOnMap(scene: Scene, deeds: Deeds): void {
  const { kind, parts, selected, others, lines, fault } = scene

  function draw(): void {
    const there = map.value
    if (!there?.getStyle()) return
    put(there, OTHERS, others.value.map(({ id, geometry }) => ({ type: 'Feature', properties: { id }, geometry })), othersLayers) // prettier-ignore
    const shape = parts.value ?? []
    put(there, SHAPE, shape.flatMap((rings) => outlines(kind, rings)), shapeLayers) // prettier-ignore
    const corners = cornersOf(shape).slice(0, MOST_CORNERS)
    const middles = kind === 'Point' || corners.length === MOST_CORNERS ? [] : middlesOf(kind, shape)
    const dot = (role: string) => ({ at, ...corner }: Corner & { at: Position }) => feature('Point', at, { ...corner, role: isSame(corner, selected.value) && role === 'corner' ? 'selected' : role }) // prettier-ignore
    put(there, CORNERS, [...middles.map(dot('middle')), ...corners.map(dot('corner'))], cornerLayers)
    put(there, FAULT, fault.value ? [feature('Point', fault.value)] : [], faultLayers)
  }
  const isSame = (a: Corner, b: Corner | null) => b !== null && a.part === b.part && a.ring === b.ring && a.index === b.index // prettier-ignore
  watch([parts, selected, others, fault, styleRevision, map], draw, { immediate: true })

  const snap = (at: Position): Position => {
    const there = map.value!
    return snapped(at, lines.value, (to) => there.project(to)) ?? at
  }

  const box = ({ x, y }: { x: number; y: number }, reach: number) => [[x - reach, y - reach], [x + reach, y + reach]] as [[number, number], [number, number]] // prettier-ignore
  const hit = (there: MapLibre, at: { x: number; y: number }, layer: string, reach: number) =>
    there.getLayer(layer) ? there.queryRenderedFeatures(box(at, reach), { layers: [layer] })[0] : undefined

  type Grip = { corner: Corner; isNew: boolean } | 'all'
  function hold(event: Press): Grip | undefined {
    const there = map.value!
    if (!parts.value) return undefined
    const dot = hit(there, event.point, `${CORNERS}:dot`, isTouch(event) ? REACH_PX : 4)
    if (!dot) return hit(there, event.point, `${SHAPE}:grip`, 0) && 'all'
    const { part, ring, index, role } = dot.properties as Corner & { role: string }
    if (role !== 'middle') deeds.select({ part, ring, index })
    return { corner: { part, ring, index }, isNew: role === 'middle' }
  }
  useGrip<Grip>({
    hold,
    drag: (grip, at, from, isFirst) => {
      if (isFirst) deeds.grab()
      if (grip === 'all') deeds.drag('all', at, from)
      else deeds.drag({ ...grip, isNew: grip.isNew && isFirst }, snap(at), from)
    },
    drop: deeds.drop,
  })
  const stopClicks = onMapClick((at, { point }) => {
    const there = map.value!
    const dot = parts.value && hit(there, point, `${CORNERS}:dot`, 4)
    if (dot && dot.properties['role'] !== 'middle') return true
    const other = ['circle', 'line', 'hit']
      .map((part) => hit(there, point, `${OTHERS}:${part}`, part === 'hit' ? 0 : 6))
      .find(Boolean)
    deeds.tap(parts.value ? snap(at) : at, other ? String(other.properties['id']) : null)
    return true
  })
  onUnmounted(() => {
    stopClicks()
    const there = map.value
    if (!there) return
    for (const source of [FAULT, CORNERS, SHAPE, OTHERS]) {
      for (const { id } of there.getStyle()?.layers ?? []) if (id.startsWith(`${source}:`)) there.removeLayer(id)
      if (there.getSource(source)) there.removeSource(source)
    }
  })
}

/** A part as far as it has come: two corners of a polygon are a line. */
function outlines(kind: Kind, rings: Position[][]) {
  const closed = rings.map((ring) => [...ring, ...ring.slice(0, 1)])
  const lines = kind === 'Polygon' ? closed : rings
  const drawn = lines.filter((line) => line.length > 1).map((line) => feature('LineString', line))
  return kind === 'Polygon' && rings[0] && rings[0].length > 2 ? [feature('Polygon', closed), ...drawn] : drawn
}

type Layers = (source: string) => object[]

function put(there: MapLibre, id: string, features: unknown[], layers: Layers): void {
  const data = { type: 'FeatureCollection', features } as never
  const source = there.getSource<GeoJSONSource>(id)
  if (source) return void source.setData(data)
  if (features.length === 0) return
  there.addSource(id, { type: 'geojson', data, tolerance: 0 })
  for (const layer of layers(id)) there.addLayer({ ...layer, source: id } as never)
}

const othersLayers: Layers = (id) => [
  { id: `${id}:line`, type: 'line', paint: { 'line-color': palette().accent, 'line-width': 1.5, 'line-dasharray': [2, 2] } },
  { id: `${id}:circle`, type: 'circle', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': palette().accent, 'circle-radius': 5, 'circle-stroke-color': palette().halo, 'circle-stroke-width': 1.5 } },
  // Seen by nobody, felt by the pointer.
  { id: `${id}:hit`, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': COLOUR, 'fill-opacity': 0 } },
] // prettier-ignore
const shapeLayers: Layers = (id) => [
  { id: `${id}:grip`, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': COLOUR, 'fill-opacity': 0.15 } },
  { id: `${id}:line`, type: 'line', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': COLOUR, 'line-width': 3 } },
] // prettier-ignore
const cornerLayers: Layers = (id) => [
  { id: `${id}:dot`, type: 'circle', paint: {
    'circle-color': ['match', ['get', 'role'], 'selected', COLOUR, palette().halo],
    'circle-radius': ['match', ['get', 'role'], 'middle', 4, 'selected', 8, 6],
    'circle-opacity': ['match', ['get', 'role'], 'middle', 0.75, 1],
    'circle-stroke-color': ['match', ['get', 'role'], 'selected', palette().halo, COLOUR],
    'circle-stroke-width': ['match', ['get', 'role'], 'middle', 1, 3],
  } },
] // prettier-ignore
const faultLayers: Layers = (id) => [
  { id: `${id}:ring`, type: 'circle', paint: { 'circle-color': 'transparent', 'circle-radius': 16, 'circle-stroke-color': '#c62828', 'circle-stroke-width': 4 } },
] // prettier-ignore
