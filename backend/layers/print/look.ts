// How a style says that a feature looks on paper: every expression is answered by MapLibre's own evaluator.
import { type Color, expression, featureFilter, latest } from '@maplibre/maplibre-gl-style-spec'
import type { Language } from '../../core/contract.ts'
import type { Layer } from '../contract.ts'
import { type Frame, pointsPerMetre } from './frame.ts'

export type StyleLayer = Layer['style'][number]

/** What a style asks a feature about. */
export interface Featured {
  id: string
  properties: Record<string, unknown>
}

/** The answers of one style layer at the zoom of the sheet. Sizes are pixels of the style. */
export interface Look {
  shows: (feature: Featured) => boolean
  /** Whether the style itself tells it. */
  says: (property: string) => boolean
  number: (property: string, feature: Featured) => number
  words: (property: string, feature: Featured) => string
  numbers: (property: string, feature: Featured) => number[]
  colour: (property: string, feature: Featured) => Ink | null
}

export interface Ink {
  /** Red, green, blue, 0..255. */
  rgb: [number, number, number]
  alpha: number
}

/** A pixel of a style on paper, points: paper is finer than a screen and read from nearer. */
export const PIXEL = 0.6

/** Around the Earth on the sphere of the tiles. */
const EQUATOR_M = 40_075_016.686
/** Pixels around the Earth at zoom 0. */
const WORLD_PX = 512

/** Zoom at which the portal shows the map as large as the sheet. */
export function zoomOf(frame: Frame): number {
  const metresPerPixel = PIXEL / pointsPerMetre(frame)
  return Math.log2((EQUATOR_M * Math.cos((frame.lat * Math.PI) / 180)) / (WORLD_PX * metresPerPixel))
}

const KIND = { Point: 1, LineString: 2, Polygon: 3 } as const

interface At {
  zoom: number
  language: Language
  geometry: Layer['geometry_type']
}

/** What the style layer says; null: nothing at this zoom. */
export function lookOf(style: StyleLayer, { zoom, language, geometry }: At): Look | null {
  const { minzoom = 0, maxzoom = 24 } = style as { minzoom?: number; maxzoom?: number }
  if (zoom < minzoom || zoom >= maxzoom) return null
  const state = { language }
  const said: Record<string, unknown> = { ...(style['layout'] as object), ...(style['paint'] as object) }
  const asked = ({ id, properties }: Featured) => ({ type: KIND[geometry], id: Number(id), properties })
  const known = new Map<string, ReturnType<typeof expression.normalizePropertyExpression>>()
  const answer = (property: string, feature: Featured): unknown => {
    const spec = specOf(style.type, property)
    const one = known.get(property) ?? expression.normalizePropertyExpression((said[property] ?? spec.default) as never, property, spec as never, state) // prettier-ignore
    known.set(property, one)
    return one.evaluate({ zoom }, asked(feature), {}, undefined, [])
  }
  const filter = featureFilter(style['filter'] as never, 'filter', state)
  return {
    says: (property) => property in said,
    shows: (feature) => filter.filter({ zoom }, asked(feature)),
    number: (property, feature) => Number(answer(property, feature)),
    words: (property, feature) => String(answer(property, feature) ?? ''),
    numbers: (property, feature) => listed(answer(property, feature)),
    colour: (property, feature) => inkOf(answer(property, feature) as Color | undefined),
  }
}

const specOf = (type: string, property: string): { default?: unknown } => {
  const groups = latest as unknown as Record<string, Record<string, { default?: unknown }> | undefined>
  const spec = groups[`paint_${type}`]?.[property] ?? groups[`layout_${type}`]?.[property]
  if (!spec) throw new Error(`${type} has no ${property}`)
  return spec
}

const listed = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [])

/** MapLibre's colours are multiplied by their alpha. */
function inkOf(colour: Color | undefined): Ink | null {
  if (!colour || colour.a === 0) return null
  const whole = (part: number) => Math.round((part / colour.a) * 255)
  return { rgb: [whole(colour.r), whole(colour.g), whole(colour.b)], alpha: colour.a }
}
