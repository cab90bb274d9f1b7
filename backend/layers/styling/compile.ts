// A recipe becomes a MapLibre style and its legend. Pure: what the layer is and what was chosen go in.
import type { FieldDefinition, Layer, LegendEntry } from '../contract.ts'
import type { Look, StyleRecipe } from './contract.ts'

type Described = Pick<Layer, 'geometry_type' | 'title' | 'fields'>
type StyleLayer = Layer['style'][number]
type Expression = unknown[]
type Value = string | number | Expression

/** Style and legend of a layer by a recipe that fits it (fits.ts). */
export function compile(layer: Described, recipe: StyleRecipe): Look {
  const drawn = [...symbols(layer, recipe), ...labels(layer, recipe)]
  return { style: drawn.map((one) => inRange(one, recipe)), legend: legendOf(layer, recipe) }
}

function inRange(layer: StyleLayer, { from_zoom, to_zoom }: StyleRecipe): StyleLayer {
  const from = Math.max(from_zoom, (layer['minzoom'] as number | undefined) ?? 0)
  return { ...layer, ...(from > 0 && { minzoom: from }), ...(to_zoom < 24 && { maxzoom: to_zoom }) }
}

/** Small on a map of the whole city, as chosen in a street: zoom, and share of the chosen size. */
const GROWTH = { from: [10, 0.35], to: [16, 1] } as const

const growing = (size: (factor: number) => Value): Expression => [
  'interpolate',
  ['linear'],
  ['zoom'],
  ...[GROWTH.from, GROWTH.to].flatMap(([zoom, factor]) => [zoom, size(factor)]),
]

/** How large symbols are at a zoom, as a share of the size in the legend. */
export function growthAt(zoom: number): number {
  const { from, to } = GROWTH
  const way = (zoom - from[0]) / (to[0] - from[0])
  return from[1] + (to[1] - from[1]) * Math.max(0, Math.min(1, way))
}

function symbols({ geometry_type }: Described, recipe: StyleRecipe): StyleLayer[] {
  const colour = colourOf(recipe)
  const filter = filterOf(recipe)
  const only = filter ? { filter } : {}
  const size = sizeOf(geometry_type, recipe)
  switch (geometry_type) {
    case 'Point':
      return [circle(recipe, colour, size, only), ...pictograms(recipe, only)]
    case 'LineString':
      return [
        // So that dark lines are seen on a dark map, and lines that cross are told apart.
        { type: 'line', ...only, layout: ROUND, paint: { 'line-color': '#ffffff', 'line-opacity': 0.55, 'line-width': growing((f) => wider(size(f))) } },
        { type: 'line', ...only, layout: ROUND, paint: { 'line-color': colour, 'line-width': growing(size) } },
      ] // prettier-ignore
    case 'Polygon':
      return [
        { type: 'fill', ...only, paint: { 'fill-color': colour, 'fill-opacity': recipe.opacity } },
        { type: 'line', ...only, layout: ROUND, paint: { 'line-color': colour, 'line-width': growing(size) } },
      ]
  }
}

const ROUND = { 'line-cap': 'round', 'line-join': 'round' }
const wider = (size: Value): Value => (typeof size === 'number' ? size + 2 : ['+', size, 2])

function circle(recipe: StyleRecipe, colour: Value, size: (factor: number) => Value, only: object): StyleLayer {
  const isProportional = recipe.kind === 'proportional'
  return {
    type: 'circle',
    ...only,
    // The small ones lie on the great ones.
    ...(isProportional && { layout: { 'circle-sort-key': ['-', 0, ['get', recipe.field]] } }),
    paint: {
      'circle-color': colour,
      'circle-radius': growing(size),
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': growing((factor) => 1.5 * factor),
      ...(isProportional && { 'circle-opacity': 0.75 }),
    },
  }
}

/** Pictures are 18 px wide (pictograms.ts of the portal): they fill two thirds of the disc. */
const PICTURE_PX = 18

function pictograms(recipe: StyleRecipe, only: object): StyleLayer[] {
  const icon = iconOf(recipe)
  if (!icon) return []
  const layout = {
    'icon-image': icon,
    'icon-size': growing((factor) => (recipe.size_px * 2 * 0.66 * factor) / PICTURE_PX),
    'icon-allow-overlap': true,
    'icon-ignore-placement': true,
  }
  return [{ type: 'symbol', minzoom: 13, ...only, layout }]
}

function iconOf(recipe: StyleRecipe): Value | null {
  if (recipe.kind === 'single') return recipe.icon && pictogram(recipe.icon)
  if (recipe.kind !== 'categorised' || !recipe.classes.some(({ icon }) => icon)) return null
  const cases = recipe.classes.filter(({ icon }) => icon).flatMap(({ value, icon }) => [value, pictogram(icon!)])
  return ['match', textOf(recipe.field), ...cases, '']
}

const pictogram = (icon: string) => `lucide:${icon}`

/** As text, numbers and yes/no too: only texts and whole numbers can be matched. */
const textOf = (field: string): Expression => ['to-string', ['get', field]]
const isNumber = (field: string): Expression => ['==', ['typeof', ['get', field]], 'number']

function colourOf(recipe: StyleRecipe): Value {
  switch (recipe.kind) {
    case 'single':
    case 'proportional':
      return recipe.colour
    case 'categorised': {
      const cases = recipe.classes.flatMap(({ value, colour }) => [value, colour])
      return ['match', textOf(recipe.field), ...cases, recipe.other?.colour ?? '#000000']
    }
    case 'graduated': {
      const [first, ...others] = recipe.classes
      // A step needs a threshold.
      const steps: Value = others.length === 0 ? first!.colour : ['step', ['get', recipe.field], first!.colour, ...others.flatMap(({ from, colour }) => [from, colour])] // prettier-ignore
      return recipe.other ? ['case', isNumber(recipe.field), steps, recipe.other.colour] : steps
    }
  }
}

function filterOf(recipe: StyleRecipe): Expression | null {
  switch (recipe.kind) {
    case 'single':
      return null
    case 'categorised':
      return recipe.other ? null : ['in', textOf(recipe.field), ['literal', recipe.classes.map(({ value }) => value)]]
    case 'graduated':
      return recipe.other ? null : isNumber(recipe.field)
    case 'proportional':
      return ['all', isNumber(recipe.field), ['>', ['get', recipe.field], 0]]
  }
}

/** The eye compares areas of circles, and widths of lines. */
function sizeOf(type: Layer['geometry_type'], recipe: StyleRecipe): (factor: number) => Value {
  if (recipe.kind !== 'proportional') return (factor) => recipe.size_px * factor
  const share: Expression = ['/', ['get', recipe.field], recipe.max]
  return (factor) => ['*', recipe.size_px * factor, type === 'Point' ? ['sqrt', share] : share]
}

function labels({ geometry_type, fields }: Described, { labels: wanted }: StyleRecipe): StyleLayer[] {
  if (!wanted) return []
  const { el, en, from_zoom } = wanted
  const say = (language: 'el' | 'en') => labelText(fields, wanted[language], language)
  // The portal tells the map the language of the page; whoever does not gets Greek.
  const field = el === en && !fields.find(({ name }) => name === el)?.codes ? say('el') : ['case', ['==', ['global-state', 'language'], 'en'], say('en'), say('el')] // prettier-ignore
  const place = {
    Point: { 'text-anchor': 'top', 'text-offset': [0, 0.9], 'text-optional': true },
    LineString: { 'symbol-placement': 'line', 'text-max-angle': 32 },
    Polygon: {},
  }[geometry_type]
  return [
    {
      type: 'symbol',
      minzoom: from_zoom,
      layout: { 'text-field': field, 'text-size': 12, 'text-max-width': 8, ...place },
    },
  ]
}

function labelText(fields: FieldDefinition[], name: string, language: 'el' | 'en'): Expression {
  const codes = Object.entries(fields.find((field) => field.name === name)?.codes ?? {})
  if (codes.length === 0) return textOf(name)
  return ['match', textOf(name), ...codes.flatMap(([code, title]) => [code, title[language]]), textOf(name)]
}

const SHAPE = { Point: 'circle', LineString: 'line', Polygon: 'fill' } as const

function legendOf({ geometry_type, title, fields }: Described, recipe: StyleRecipe): LegendEntry[] {
  const shape = SHAPE[geometry_type]
  if (recipe.kind === 'single')
    return [{ label: title, shape, colour: recipe.colour, ...(recipe.icon && { icon: recipe.icon }) }]
  const heading = headingOf(fields.find(({ name }) => name === recipe.field))
  if (recipe.kind === 'proportional')
    return [...heading, ...sizes(recipe, geometry_type).map((entry) => ({ ...entry, shape }))]
  const classes = recipe.classes.map((one) => ({
    label: one.label,
    shape,
    colour: one.colour,
    ...('icon' in one && one.icon && { icon: one.icon }),
  }))
  const { other } = recipe
  return [...heading, ...classes, ...(other ? [{ label: other.label, shape, colour: other.colour }] : [])]
}

function headingOf(field: FieldDefinition | undefined): LegendEntry[] {
  if (!field) return []
  const unit = field.unit ? ` (${field.unit})` : ''
  return [{ label: { el: field.title.el + unit, en: field.title.en + unit }, shape: 'heading', colour: '' }]
}

/** The greatest value, a third and a tenth of it, in numbers that people read. */
function sizes({ colour, max, size_px }: StyleRecipe & { kind: 'proportional' }, type: Layer['geometry_type']) {
  return [1, 1 / 3, 1 / 10].map((part) => {
    const value = part === 1 ? max : Number((max * part).toPrecision(1))
    const say = (locale: string) => value.toLocaleString(locale, { maximumFractionDigits: 4, useGrouping: 'min2' })
    const label = { el: say('el-GR'), en: say('en-GB') }
    const share = type === 'Point' ? Math.sqrt(value / max) : value / max
    return { label, colour, size_px: Number((size_px * share).toFixed(1)) }
  })
}
