// Reports that are more than a point: their lines and areas, under the points that stand for them.
import type { AddLayerObject, ExpressionSpecification, GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { onUnmounted, watch } from 'vue'
import { palette } from './theme.ts'
import { map, styleRevision } from './useMap.ts'

export interface Shaped {
  id: string
  /** GeoJSON, WGS 84; none: a point. */
  shape?: unknown
  colour?: string
}

const ID = 'report-shape'

/** Shows the lines and areas among these; call again after the style has changed. */
export function drawShapes(there: MapLibre, reports: readonly Shaped[]): void {
  const features = reports.flatMap(({ id, shape, colour }) =>
    shape ? { type: 'Feature', geometry: shape, properties: { report_id: id, colour } } : [],
  )
  const data = { type: 'FeatureCollection', features } as never
  const source = there.getSource<GeoJSONSource>(ID)
  if (source) return void source.setData(data)
  if (features.length === 0) return
  there.addSource(ID, { type: 'geojson', data })
  const below = there.getLayer('report-cluster') ? 'report-cluster' : undefined
  for (const layer of shapeLayers(ID, { source: ID })) there.addLayer(layer, below)
}

/** Where layers have what they draw. */
export interface Drawn {
  source: string
  'source-layer'?: string
}

export function shapeLayers(id: string, from: Drawn): AddLayerObject[] {
  const { accent, halo } = palette()
  const colour: ExpressionSpecification = ['coalesce', ['get', 'colour'], accent]
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  return [
    { id: `${id}:fill`, type: 'fill', ...from, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour, 'fill-opacity': 0.2 } }, // prettier-ignore
    { id: `${id}:casing`, type: 'line', ...from, layout: round, paint: { 'line-color': halo, 'line-width': 8, 'line-opacity': 0.85 } }, // prettier-ignore
    { id: `${id}:line`, type: 'line', ...from, layout: round, paint: { 'line-color': colour, 'line-width': 4.5 } },
  ]
}

/** The line or area of one report, as long as the component lives. */
export function useShape(report: () => Shaped | undefined): void {
  const draw = (shown?: Shaped) => map.value?.getStyle() && drawShapes(map.value, shown ? [shown] : [])
  watch([report, styleRevision, map], () => draw(report()), { immediate: true })
  onUnmounted(() => draw())
}
