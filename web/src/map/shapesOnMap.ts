// Reports that are more than a point: their lines and areas, under the points that stand for them.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { onUnmounted, watch } from 'vue'
import { palette } from './theme.ts'
import { map, styleRevision } from './useMap.ts'

export interface Shaped {
  id: string
  /** GeoJSON, WGS 84; none: a point. */
  shape?: unknown
  colour?: string
}

export const SHAPE_LAYERS = ['report-shape:fill', 'report-shape:line']
const ID = 'report-shape'

/** Shows the lines and areas among these; call again after the style has changed. */
export function drawShapes(there: MapLibre, reports: readonly Shaped[]): void {
  const { accent, halo } = palette()
  const features = reports.flatMap(({ id, shape, colour }) =>
    shape ? { type: 'Feature', geometry: shape, properties: { report_id: id, colour: colour ?? accent } } : [],
  )
  const data = { type: 'FeatureCollection', features } as never
  const source = there.getSource<GeoJSONSource>(ID)
  if (source) return void source.setData(data)
  if (features.length === 0) return
  there.addSource(ID, { type: 'geojson', data })
  const below = there.getLayer('report-cluster') ? 'report-cluster' : undefined
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  there.addLayer({ id: `${ID}:fill`, type: 'fill', source: ID, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.2 } }, below) // prettier-ignore
  there.addLayer({ id: `${ID}:casing`, type: 'line', source: ID, layout: round, paint: { 'line-color': halo, 'line-width': 8, 'line-opacity': 0.85 } }, below) // prettier-ignore
  there.addLayer({ id: `${ID}:line`, type: 'line', source: ID, layout: round, paint: { 'line-color': ['get', 'colour'], 'line-width': 4.5 } }, below) // prettier-ignore
}

/** The line or area of one report, as long as the component lives. */
export function useShape(report: () => Shaped | undefined): void {
  const draw = (shown?: Shaped) => map.value?.getStyle() && drawShapes(map.value, shown ? [shown] : [])
  watch([report, styleRevision, map], () => draw(report()), { immediate: true })
  onUnmounted(() => draw())
}
