// What the style page asks for, all kinds beside each other so that nothing is lost by looking at another; and the recipe of it.
import type { z } from 'zod'
import type { Localised } from '../../../../backend/core/contract.ts'
import type { FieldDefinition, Layer } from '../../../../backend/layers/contract.ts'
import type { getRecipe, methods, paletteNames, StyleRecipe } from '../../../../backend/layers/styling/contract.ts'
import { i18n } from '../../core/i18n/index.ts'

export type Kind = StyleRecipe['kind']
export type Palettes = z.infer<typeof getRecipe.response>['palettes']

export interface StyleClass {
  value?: string
  from?: number
  colour: string
  label: Localised
  icon?: string | null
  /** How many features there are; unknown of a class that was stored. */
  features?: number
}

export interface StyleForm {
  kind: Kind
  field: string
  colour: string
  icon: string | null
  palette: (typeof paletteNames)[number]
  method: (typeof methods)[number]
  count: number
  classes: StyleClass[]
  /** Features of no class are drawn, in this colour. */
  hasOther: boolean
  other: { colour: string; label: Localised }
  max: number
  size_px: number
  opacity: number
  from_zoom: number
  to_zoom: number
  hasLabels: boolean
  labels: { el: string; en: string; from_zoom: number }
}

const FALLBACK = '#0072b2'
const SIZE_PX: Record<Layer['geometry_type'], number> = { Point: 7, LineString: 4, Polygon: 1.5 }
const ICON_SIZE_PX = 11
/** A circle or line of the greatest value. */
const LARGE_PX = 20

/** Which kinds fit: circles stand on points, and every corner of an area would get one. */
export const kindsFor = ({ geometry_type }: Layer): Kind[] =>
  geometry_type === 'Polygon'
    ? ['single', 'categorised', 'graduated']
    : ['single', 'categorised', 'graduated', 'proportional']

const TYPES: Record<Kind, readonly FieldDefinition['type'][]> = {
  single: [],
  categorised: ['text', 'integer', 'number', 'boolean', 'date'],
  graduated: ['integer', 'number'],
  proportional: ['integer', 'number'],
}

/** Fields that a kind can be drawn by; the public does not get what is closed. */
export const fieldsFor = ({ fields, visibility }: Layer, kind: Kind): FieldDefinition[] =>
  fields.filter(({ type, is_public }) => TYPES[kind].includes(type) && (visibility === 'staff' || is_public))

/** What the page begins with: the recipe that is stored, else all features alike in the colour they have. */
export function formOf(layer: Layer, recipe: StyleRecipe | null): StyleForm {
  const titles = layer.title_fields ?? { el: layer.key_field ?? '', en: layer.key_field ?? '' }
  const form: StyleForm = {
    kind: 'single',
    field: '',
    colour: /^#[0-9a-f]{6}$/i.test(layer.legend[0]?.colour ?? '') ? layer.legend[0]!.colour : FALLBACK,
    icon: null,
    palette: 'okabe_ito',
    method: 'quantile',
    count: 5,
    classes: [],
    hasOther: true,
    other: { colour: '#9a9a9a', label: inBoth('style.other') },
    max: 1,
    size_px: SIZE_PX[layer.geometry_type],
    opacity: 0.6,
    from_zoom: 0,
    to_zoom: 24,
    hasLabels: false,
    labels: { ...titles, from_zoom: 15 },
  }
  if (!recipe) return form
  const { labels, ...rest } = recipe
  const other = 'other' in recipe ? recipe.other : null
  return Object.assign(form, structuredClone(rest), {
    hasOther: 'other' in recipe ? other !== null : true,
    other: other ? structuredClone(other) : form.other,
    hasLabels: labels !== null,
    labels: labels ? { ...labels } : form.labels,
  })
}

const inBoth = (key: string): Localised => ({
  el: i18n.global.t(key, {}, { locale: 'el' }),
  en: i18n.global.t(key, {}, { locale: 'en' }),
})

/** The recipe, or null while something is still to be chosen. */
export function recipeOf(form: StyleForm): StyleRecipe | null {
  const { kind, field, colour, icon, palette, method, max, size_px, opacity, from_zoom, to_zoom } = form
  const shared = { size_px, opacity, from_zoom, to_zoom, labels: form.hasLabels ? { ...form.labels } : null }
  const other = form.hasOther ? form.other : null
  if (kind === 'single') return { kind, colour, icon, ...shared }
  if (!field) return null
  if (kind === 'proportional') return { kind, field, colour, max, ...shared }
  if (form.classes.length === 0) return null
  if (kind === 'graduated') {
    const classes = form.classes.map(({ from = 0, ...one }) => ({ from, colour: one.colour, label: one.label }))
    return { kind, field, palette, method, classes, other, ...shared }
  }
  const classes = form.classes.map(({ value = '', icon: own = null, ...one }) => ({ value, icon: own, colour: one.colour, label: one.label })) // prettier-ignore
  return { kind, field, palette, classes, other, ...shared }
}

/** New classes with the words and pictograms that the same ones had. */
export const keepWords = (now: StyleClass[], before: StyleClass[]): StyleClass[] =>
  now.map((one) => {
    const same = before.find(({ value, from }) => value === one.value && from === one.from && value !== undefined)
    return same ? { ...one, label: same.label, icon: same.icon } : one
  })

/** Sizes that suit what was chosen. */
export function fitSize(form: StyleForm, { geometry_type }: Layer): void {
  const hasIcons = form.icon !== null || form.classes.some(({ icon }) => icon)
  if (form.kind === 'proportional') form.size_px = LARGE_PX
  else if (form.size_px === LARGE_PX) form.size_px = SIZE_PX[geometry_type]
  if (hasIcons && form.size_px < ICON_SIZE_PX) form.size_px = ICON_SIZE_PX
}
