// Reports as points: full while open, ringed while work goes on, hollow when closed; many together are a number.
import type {
  AddLayerObject,
  ExpressionSpecification,
  GeoJSONSource,
  Map as MapLibre,
  VectorTileSource,
} from 'maplibre-gl'
import { SINGLY_FROM_ZOOM } from '../../../backend/reports/desk/contract.ts'
import { language } from '../core/i18n/index.ts'
import { FONT } from './basemap.ts'
import { type Drawn, drawShapes, shapeLayers } from './shapesOnMap.ts'
import { palette } from './theme.ts'
import { onMapClick, type LonLat } from './useMap.ts'

interface Collection {
  features: readonly { id: string; geometry: unknown; shape?: unknown; properties: unknown }[]
}

const SOURCE = 'reports'
const TILES = 'report-tiles'
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
  map.addSource(SOURCE, {
    type: 'geojson',
    data: data as never,
    cluster: true,
    clusterMaxZoom: SINGLY_FROM_ZOOM - 1,
    clusterRadius: 38,
  })
  for (const layer of pointLayers('report', { source: SOURCE })) map.addLayer(layer)
}

/** Shows the reports of these tiles, however many they are; none: takes them away. Call again after the style has changed. */
export function drawReportTiles(map: MapLibre, address: string | null): void {
  const source = map.getSource<VectorTileSource>(TILES)
  if (source && address) return void (source.tiles[0] !== address && source.setTiles([address]))
  if (source) {
    for (const { id } of tileLayers()) map.removeLayer(id)
    map.removeSource(TILES)
  }
  if (!address) return
  map.addSource(TILES, { type: 'vector', tiles: [address], maxzoom: SINGLY_FROM_ZOOM })
  for (const layer of tileLayers()) map.addLayer(layer)
}

const tileLayers = () => [
  ...shapeLayers('report-tile-shape', { source: TILES, 'source-layer': 'shape' }),
  ...pointLayers('report-tile', { source: TILES, 'source-layer': 'point' }),
]

function pointLayers(id: string, from: Drawn): AddLayerObject[] {
  const p = palette()
  const colour: ExpressionSpecification = ['coalesce', ['get', 'colour'], p.accent]
  return [
    {
      id: `${id}-cluster`,
      type: 'circle',
      ...from,
      filter: ['has', 'point_count'],
      paint: {
        'circle-color': p.accent,
        'circle-radius': ['step', ['get', 'point_count'], 13, 10, 17, 50, 22, 1000, 26],
        'circle-stroke-color': p.halo,
        'circle-stroke-width': 2,
      },
    },
    {
      id: `${id}-count`,
      type: 'symbol',
      ...from,
      filter: ['has', 'point_count'],
      layout: {
        'text-font': FONT,
        'text-field': ['number-format', ['get', 'point_count'], { locale: language.value }],
        'text-size': 13,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': p.halo },
    },
    {
      id,
      type: 'circle',
      ...from,
      filter: ['!', ['has', 'point_count']],
      paint: {
        'circle-color': colour,
        'circle-radius': ['match', ['get', 'status'], ['resolved', 'rejected'], 6, 8],
        'circle-opacity': ['match', ['get', 'status'], ['resolved', 'rejected'], 0.25, 1],
        'circle-stroke-color': [
          'match',
          ['get', 'status'],
          ['resolved', 'rejected'],
          colour,
          ['planned', 'in_progress'],
          p.text,
          p.halo,
        ],
        'circle-stroke-width': ['match', ['get', 'status'], ['planned', 'in_progress'], 3, 2],
      },
    },
  ]
}

const CLICKED = ['report', 'report-tile'].flatMap((id) => [id, `${id}-cluster`, `${id}-shape:fill`, `${id}-shape:line`])

/** Calls back with the report that was clicked; a click on a cluster zooms into it. */
export function onReportClick(map: MapLibre, open: (id: string) => void): () => void {
  return onMapClick((at: LonLat, { point }) => {
    const layers = CLICKED.filter((layer) => map.getLayer(layer))
    if (layers.length === 0) return false
    const [hit] = map.queryRenderedFeatures(point, { layers })
    if (!hit) return false
    if (hit.properties['point_count'] === undefined) open(String(hit.properties['report_id']))
    else map.easeTo({ center: at, zoom: map.getZoom() + 2 })
    return true
  })
}
