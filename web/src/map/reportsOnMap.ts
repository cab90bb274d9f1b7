// Reports as points: full while open, ringed while work goes on, hollow when closed; many together are a number.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { FONT } from './basemap.ts'
import { drawShapes, SHAPE_LAYERS } from './shapesOnMap.ts'
import { palette } from './theme.ts'
import { onMapClick, type LonLat } from './useMap.ts'

interface Collection {
  features: readonly { id: string; geometry: unknown; shape?: unknown; properties: unknown }[]
}

const SOURCE = 'reports'
export const NOTHING: Collection = { features: [] }

/** Shows these reports; call again after the style has changed. */
export function drawReports(map: MapLibre, { features }: Collection): void {
  drawShapes(map, features.map(({ id, shape, properties }) => ({ id, shape, ...(properties as { colour?: string }) }))) // prettier-ignore
  const data = {
    type: 'FeatureCollection' as const,
    features: features.map((f) => ({ ...f, properties: { ...(f.properties as object), report_id: f.id } })),
  }
  const source = map.getSource(SOURCE) as GeoJSONSource | undefined
  if (source) return void source.setData(data as never)
  map.addSource(SOURCE, { type: 'geojson', data: data as never, cluster: true, clusterMaxZoom: 15, clusterRadius: 38 })
  const p = palette()
  map.addLayer({
    id: 'report-cluster',
    type: 'circle',
    source: SOURCE,
    filter: ['has', 'point_count'],
    paint: {
      'circle-color': p.accent,
      'circle-radius': ['step', ['get', 'point_count'], 13, 10, 17, 50, 22],
      'circle-stroke-color': p.halo,
      'circle-stroke-width': 2,
    },
  })
  map.addLayer({
    id: 'report-count',
    type: 'symbol',
    source: SOURCE,
    filter: ['has', 'point_count'],
    layout: {
      'text-font': FONT,
      'text-field': ['get', 'point_count_abbreviated'],
      'text-size': 13,
      'text-allow-overlap': true,
    },
    paint: { 'text-color': p.halo },
  })
  map.addLayer({
    id: 'report',
    type: 'circle',
    source: SOURCE,
    filter: ['!', ['has', 'point_count']],
    paint: {
      'circle-color': ['coalesce', ['get', 'colour'], p.accent],
      'circle-radius': ['match', ['get', 'status'], ['resolved', 'rejected'], 6, 8],
      'circle-opacity': ['match', ['get', 'status'], ['resolved', 'rejected'], 0.25, 1],
      'circle-stroke-color': [
        'match',
        ['get', 'status'],
        ['resolved', 'rejected'],
        ['coalesce', ['get', 'colour'], p.accent],
        ['planned', 'in_progress'],
        p.text,
        p.halo,
      ],
      'circle-stroke-width': ['match', ['get', 'status'], ['planned', 'in_progress'], 3, 2],
    },
  })
}

/** Calls back with the report that was clicked; a click on a cluster zooms into it. */
export function onReportClick(map: MapLibre, open: (id: string) => void): () => void {
  return onMapClick((at: LonLat, { point }) => {
    if (!map.getLayer('report')) return false
    const layers = ['report', 'report-cluster', ...SHAPE_LAYERS].filter((layer) => map.getLayer(layer))
    const [hit] = map.queryRenderedFeatures(point, { layers })
    if (!hit) return false
    if (hit.layer.id !== 'report-cluster') open(String(hit.properties['report_id']))
    else map.easeTo({ center: at, zoom: map.getZoom() + 2 })
    return true
  })
}
