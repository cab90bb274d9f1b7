// Our own basemap: the city's layers as a calm town map. No outside tiles, fonts or sprites.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import type { City } from '../../../backend/places/contract.ts'
import { language } from '../core/i18n/index.ts'
import { palette, type Palette } from './theme.ts'

type Filter = ['==', string, string]

export const sourceOf = (layer: Layer): SourceSpecification => ({
  type: 'vector',
  tiles: [location.origin + layer.tiles],
  minzoom: layer.min_zoom,
  maxzoom: layer.max_zoom,
  ...(layer.bbox && { bounds: layer.bbox }),
  attribution: layer.attribution[language.value],
})

/** The typeface of the pages; the browser draws the letters, no font server is asked. */
export const FONT = ['Noto Sans Variable']

/** One line: Greek, or English on an English page. For names that follow a street. */
const nameExpression = (el = 'name_el', en = 'name_en') =>
  (language.value === 'el' ? ['coalesce', ['get', el], ['get', en]] : ['coalesce', ['get', en], ['get', el]]) as never

/** Two lines on an English page: the Greek of the signs in the street, the English below. */
const twoNames = () =>
  (language.value === 'el'
    ? nameExpression()
    : [
        'case',
        ['==', ['get', 'name_el'], ['coalesce', ['get', 'name_en'], ['get', 'name_el']]],
        ['coalesce', ['get', 'name_el'], ''],
        [
          'format',
          ['coalesce', ['get', 'name_el'], ''],
          {},
          '\n',
          {},
          ['coalesce', ['get', 'name_en'], ''],
          { 'font-scale': 0.85 },
        ],
      ]) as never

const width = (metres: number, least: number) =>
  // Metres on the ground become pixels: one pixel is about 1.93 m at zoom 16 and this latitude, half of that a zoom further in.
  [
    'interpolate',
    ['exponential', 2],
    ['zoom'],
    12,
    least,
    15,
    Math.max(least * 1.6, metres / 3.9),
    19,
    (metres / 3.9) * 16,
  ] as never

const DISTRICT_NAMES = 'district-names'

const STREETS: [kind: string, metres: number, least: number][] = [
  ['path', 2, 0.4],
  ['lane', 4, 0.5],
  ['pedestrian', 5, 0.6],
  ['residential', 7, 0.7],
  ['secondary', 10, 1.4],
  ['primary', 13, 2],
]

function streets(p: Palette): LayerSpecification[] {
  const line = { source: 'street', 'source-layer': 'street' } as const
  const layout = { 'line-cap': 'round', 'line-join': 'round' } as const
  const by = (kind: string): Filter => ['==', 'kind', kind]
  const casings = STREETS.filter(([kind]) => kind !== 'path').map(([kind, metres, least]): LayerSpecification => ({
    id: `street-casing-${kind}`,
    type: 'line',
    ...line,
    filter: by(kind) as never,
    layout,
    minzoom: 13,
    paint: { 'line-color': p.casing, 'line-width': width(metres + 2, least + 1) },
  }))
  const fills = STREETS.map(([kind, metres, least]): LayerSpecification => ({
    id: `street-${kind}`,
    type: 'line',
    ...line,
    filter: by(kind) as never,
    layout: kind === 'path' ? { 'line-join': 'round' } : layout,
    paint: {
      'line-color': kind === 'primary' || kind === 'secondary' ? p.main : kind === 'path' ? p.casing : p.street,
      'line-width': width(metres, least),
      ...(kind === 'path' && { 'line-dasharray': [2, 1.5] }),
    },
  }))
  return [...casings, ...fills]
}

function labels(p: Palette): LayerSpecification[] {
  const halo = { 'text-color': p.text, 'text-halo-color': p.halo, 'text-halo-width': 1.6 }
  return [
    {
      id: 'street-label',
      type: 'symbol',
      source: 'street',
      'source-layer': 'street',
      minzoom: 14.5,
      layout: {
        'symbol-placement': 'line',
        'text-font': FONT,
        'text-field': nameExpression(),
        'text-size': ['interpolate', ['linear'], ['zoom'], 14, 10, 18, 14],
        'symbol-spacing': 320,
        'text-max-angle': 32,
      },
      paint: halo,
    },
    {
      id: 'green-label',
      type: 'symbol',
      source: 'green',
      'source-layer': 'green',
      minzoom: 15,
      filter: ['has', 'name_el'],
      layout: { 'text-font': FONT, 'text-field': twoNames(), 'text-size': 11.5, 'text-max-width': 7 },
      paint: { ...halo, 'text-color': p.quiet },
    },
    {
      id: 'block-label',
      type: 'symbol',
      source: 'block',
      'source-layer': 'block',
      minzoom: 17.2,
      layout: { 'text-font': FONT, 'text-field': nameExpression('label_el', 'label_en'), 'text-size': 11 },
      paint: { ...halo, 'text-color': p.quiet },
    },
    {
      id: 'address-label',
      type: 'symbol',
      source: 'address',
      'source-layer': 'address',
      minzoom: 17.6,
      layout: { 'text-font': FONT, 'text-field': ['get', 'number'], 'text-size': 10.5, 'text-padding': 1 },
      paint: { ...halo, 'text-color': p.quiet, 'text-halo-width': 1.2 },
    },
    {
      id: 'district-label',
      type: 'symbol',
      source: DISTRICT_NAMES,
      minzoom: 11,
      maxzoom: 15.4,
      layout: {
        'text-font': FONT,
        'text-field': twoNames(),
        'text-size': ['interpolate', ['linear'], ['zoom'], 11, 11, 15, 16],
        'text-max-width': 7,
        'text-letter-spacing': 0.04,
      },
      paint: { ...halo, 'text-halo-width': 2 },
    },
  ]
}

function areas(p: Palette): LayerSpecification[] {
  const of = (slug: string) => ({ source: slug, 'source-layer': slug }) as const
  return [
    { id: 'land', type: 'fill', ...of('land'), paint: { 'fill-color': p.land, 'fill-outline-color': p.casing } },
    { id: 'pier', type: 'fill', ...of('pier'), paint: { 'fill-color': p.block, 'fill-outline-color': p.casing } },
    {
      id: 'green',
      type: 'fill',
      ...of('green'),
      paint: {
        'fill-color': [
          'match',
          ['get', 'kind'],
          'beach',
          p.beach,
          'field',
          p.land,
          'square',
          p.block,
          p.green,
        ] as never,
      },
    },
    { id: 'block', type: 'fill', ...of('block'), minzoom: 13, paint: { 'fill-color': p.block } },
    {
      id: 'building',
      type: 'fill',
      ...of('building'),
      minzoom: 14,
      paint: {
        'fill-color': p.building,
        'fill-outline-color': p.buildingLine,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0.4, 15.5, 1] as never,
      },
    },
  ]
}

// Tiles cut a district into pieces, each of which would get its own label: the names come as points instead.
const districtNames = (city: City): SourceSpecification => ({
  type: 'geojson',
  data: {
    type: 'FeatureCollection',
    features: city.districts.map(({ title, point }) => ({
      type: 'Feature',
      properties: { name_el: title.el, name_en: title.en },
      geometry: { type: 'Point', coordinates: point },
    })),
  },
})

/** The style of the town, as far as its layers are there. An outside style takes its place when one is configured. */
export function basemapStyle(city: City, layers: Layer[]): StyleSpecification | string {
  if (city.basemap_style_url) return city.basemap_style_url
  const p = palette()
  const drawn: LayerSpecification[] = [
    { id: 'water', type: 'background', paint: { 'background-color': p.water } },
    ...areas(p),
    ...streets(p),
    {
      id: 'boundary',
      type: 'line',
      source: 'boundary',
      'source-layer': 'boundary',
      paint: { 'line-color': p.quiet, 'line-width': 1, 'line-opacity': 0.5 },
    },
    ...labels(p),
  ]
  const bySlug = new Map(layers.map((layer) => [layer.slug, layer]))
  const used = drawn.filter(
    (layer) => !('source' in layer) || layer.source === DISTRICT_NAMES || bySlug.has(layer.source as string),
  )
  const names = new Set(
    used.flatMap((layer) => ('source' in layer && layer.source !== DISTRICT_NAMES ? [layer.source as string] : [])),
  )
  const sources = Object.fromEntries([...names].map((name) => [name, sourceOf(bySlug.get(name) as Layer)]))
  return { version: 8, sources: { ...sources, [DISTRICT_NAMES]: districtNames(city) }, layers: used }
}

/** Overlays lie under these labels. */
export const FIRST_LABEL = 'street-label'
