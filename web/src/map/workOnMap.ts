// Work orders as numbered stops, joined in the order of each crew's tour; hollow while nobody goes, grey when finished.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { FONT } from './basemap.ts'
import { palette } from './theme.ts'
import { onMapClick } from './useMap.ts'

export interface Stop {
  id: string
  at: [number, number]
  /** Place in the tour; null: on none. */
  number: number | null
  /** Stops of one tour are joined. */
  tour: string | null
  isFinished: boolean
}

const SOURCE = 'work'
const LINES = 'work-tours'

/** Shows these stops; call again after the style has changed. */
export function drawWork(map: MapLibre, stops: readonly Stop[]): void {
  const points = {
    type: 'FeatureCollection' as const,
    features: stops.map(({ id, at, number, isFinished }) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: at },
      properties: {
        work_id: id,
        label: number === null ? '' : String(number),
        is_planned: number !== null,
        isFinished,
      },
    })),
  }
  const tours = { type: 'FeatureCollection' as const, features: toursOf(stops) }
  const known = map.getSource(SOURCE) as GeoJSONSource | undefined
  if (known) {
    known.setData(points)
    ;(map.getSource(LINES) as GeoJSONSource).setData(tours)
    return
  }
  map.addSource(LINES, { type: 'geojson', data: tours })
  map.addSource(SOURCE, { type: 'geojson', data: points })
  const p = palette()
  map.addLayer({
    id: 'work-tour',
    type: 'line',
    source: LINES,
    paint: { 'line-color': p.accent, 'line-width': 2, 'line-dasharray': [2, 2], 'line-opacity': 0.8 },
  })
  map.addLayer({
    id: 'work-stop',
    type: 'circle',
    source: SOURCE,
    paint: {
      'circle-radius': 13,
      'circle-color': ['case', ['get', 'isFinished'], p.quiet, ['get', 'is_planned'], p.accent, p.halo],
      'circle-stroke-color': ['case', ['get', 'is_planned'], p.halo, p.accent],
      'circle-stroke-width': ['case', ['get', 'is_planned'], 2, 3],
    },
  })
  map.addLayer({
    id: 'work-number',
    type: 'symbol',
    source: SOURCE,
    layout: {
      'text-font': FONT,
      'text-field': ['get', 'label'],
      'text-size': 13,
      // Of stops at one place the first shows its number.
      'symbol-sort-key': ['to-number', ['get', 'label']],
    },
    paint: { 'text-color': p.halo },
  })
}

function toursOf(stops: readonly Stop[]) {
  const tours = new Map<string, Stop[]>()
  for (const stop of stops) if (stop.tour) tours.set(stop.tour, [...(tours.get(stop.tour) ?? []), stop])
  return [...tours.values()]
    .filter((tour) => tour.length > 1)
    .map((tour) => ({
      type: 'Feature' as const,
      properties: {},
      geometry: {
        type: 'LineString' as const,
        coordinates: tour.sort((a, b) => (a.number ?? 0) - (b.number ?? 0)).map(({ at }) => at),
      },
    }))
}

/** Calls back with the order whose stop was clicked. */
export function onWorkClick(map: MapLibre, open: (id: string) => void): () => void {
  return onMapClick((_at, { point }) => {
    const [hit] = map.getLayer('work-stop') ? map.queryRenderedFeatures(point, { layers: ['work-stop'] }) : []
    if (hit) open(String(hit.properties['work_id']))
    return Boolean(hit)
  })
}
