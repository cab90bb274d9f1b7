// Proposed tours: a line for each crew in its colour from depot to depot, its stops with its letter and their number.
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { FONT } from './basemap.ts'
import { isDark, palette } from './theme.ts'

export interface ShownTour {
  /** A, B, C: colours alone tell nobody enough. */
  letter: string
  colour: string
  /** Where it begins, its stops, where it ends; degrees, EPSG:4326. */
  path: [number, number][]
  stops: [number, number][]
}

// Dark enough for white letters, light enough for dark ones on a dark map.
const LIGHT = ['#0b5c8f', '#a34b00', '#1c6b3c', '#8a2f8f', '#a32035', '#4b5563', '#5f5e00', '#00626e']
const DARK = ['#6cb8e6', '#ffb066', '#7bd29b', '#e09be3', '#ff9aa8', '#c3ccd4', '#d9d76a', '#6fd6e0']

/** The colour of the n-th crew. */
export const colourOf = (n: number): string => (isDark() ? DARK : LIGHT)[n % LIGHT.length]!
/** A, B … Z, then A2. */
export const letterOf = (n: number): string =>
  String.fromCharCode(65 + (n % 26)) + (n < 26 ? '' : String(Math.floor(n / 26) + 1))

const SOURCE = 'planned-tours'

/** Shows these tours, or none; call again after the style has changed. */
export function drawTours(map: MapLibre, tours: readonly ShownTour[]): void {
  const data = { type: 'FeatureCollection' as const, features: tours.flatMap(featuresOf) }
  const known = map.getSource<GeoJSONSource>(SOURCE)
  if (known) return void known.setData(data)
  if (tours.length === 0) return
  map.addSource(SOURCE, { type: 'geojson', data })
  const p = palette()
  map.addLayer({
    id: 'planned-casing',
    type: 'line',
    source: SOURCE,
    filter: ['==', ['geometry-type'], 'LineString'],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': p.halo, 'line-width': 6, 'line-opacity': 0.8 },
  })
  map.addLayer({
    id: 'planned-line',
    type: 'line',
    source: SOURCE,
    filter: ['==', ['geometry-type'], 'LineString'],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': ['get', 'colour'], 'line-width': 3 },
  })
  map.addLayer({
    id: 'planned-stop',
    type: 'circle',
    source: SOURCE,
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 14,
      'circle-color': ['get', 'colour'],
      'circle-stroke-color': p.halo,
      'circle-stroke-width': 2,
    },
  })
  map.addLayer({
    id: 'planned-number',
    type: 'symbol',
    source: SOURCE,
    filter: ['==', ['geometry-type'], 'Point'],
    layout: { 'text-font': FONT, 'text-field': ['get', 'label'], 'text-size': 12, 'symbol-sort-key': ['get', 'n'] },
    paint: { 'text-color': p.halo },
  })
}

const featuresOf = ({ letter, colour, path, stops }: ShownTour) => [
  {
    type: 'Feature' as const,
    properties: { colour },
    geometry: { type: 'LineString' as const, coordinates: path },
  },
  ...stops.map((at, n) => ({
    type: 'Feature' as const,
    properties: { colour, n, label: `${letter}${n + 1}` },
    geometry: { type: 'Point' as const, coordinates: at },
  })),
]
