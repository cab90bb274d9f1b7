// How a layer looks, as its people choose it: a recipe, from which style and legend are made.
import { z } from 'zod'
import { endpoint, localisedInput } from '../../core/contract.ts'
import { Layer } from '../contract.ts'

/** Told apart by people with colour blindness; those for classes in order run from light to dark or through a pale middle. */
export const paletteNames = ['okabe_ito', 'tol_muted', 'viridis', 'cividis', 'blues', 'oranges', 'purple_green', 'red_blue'] as const // prettier-ignore
export const methods = ['quantile', 'equal', 'jenks'] as const

const Zoom = z.number().min(0).max(24)
const Colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i)
  .describe('#rrggbb')
const Field = z.string().max(63).describe('Name of the field')
const Icon = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .nullable()
  .default(null)
  .describe('Pictogram of points (Lucide); null: none')
const Label = localisedInput(100).describe('What the legend says')
const PaletteName = z.enum(paletteNames).describe('Row of colours')

const shared = {
  size_px: z.number().min(0.5).max(40).describe('Radius of points, width of lines and outlines; pixels at zoom 16'),
  opacity: z.number().min(0.05).max(1).default(0.6).describe('Of areas, 0 to 1'),
  from_zoom: Zoom.default(0).describe('Shown from this zoom'),
  to_zoom: Zoom.default(24).describe('Shown below this zoom'),
  labels: z
    .object({
      el: Field,
      en: Field,
      from_zoom: Zoom.describe('Written from this zoom'),
    })
    .nullable()
    .default(null)
    .describe('Fields whose text stands beside the feature, by language of the page'),
}

/** Features of no class: null leaves them away. */
const other = z
  .object({ colour: Colour, label: Label })
  .nullable()
  .default(null)
  .describe('Features of no class; null: not drawn')

const ValueClass = z.object({
  value: z.string().min(1).max(500).describe('Value of the field, as text'),
  colour: Colour,
  label: Label,
  icon: Icon,
})

const RangeClass = z.object({
  from: z.number().describe('Least value; the class ends where the next begins'),
  colour: Colour,
  label: Label,
})

export const StyleRecipe = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('single').describe('All alike'), colour: Colour, icon: Icon, ...shared }),
    z.strictObject({
      kind: z.literal('categorised').describe('By the values of a field'),
      field: Field,
      palette: PaletteName,
      classes: z.array(ValueClass).min(1).max(40).describe('One a value'),
      other,
      ...shared,
    }),
    z.strictObject({
      kind: z.literal('graduated').describe('By ranges of a number'),
      field: Field,
      palette: PaletteName,
      method: z.enum(methods).describe('How the ranges were found'),
      classes: z.array(RangeClass).min(1).max(12).describe('From the least values on'),
      other,
      ...shared,
    }),
    z.strictObject({
      kind: z.literal('proportional').describe('Size by a number: area of circles, width of lines'),
      field: Field,
      colour: Colour,
      max: z.number().positive().describe('Value that is drawn with size_px'),
      ...shared,
    }),
  ])
  .meta({ id: 'StyleRecipe' })
export type StyleRecipe = z.infer<typeof StyleRecipe>

const Look = Layer.pick({ style: true, legend: true })
export type Look = z.infer<typeof Look>

const params = z.object({ layer: z.string().describe('Slug of the layer') })

export const getRecipe = endpoint('GET /api/staff/layers/{layer}/style', {
  summary: 'What the style of a layer was made of, and the palettes there are',
  params,
  response: z.object({
    recipe: StyleRecipe.nullable().describe('Null: the style was written by hand'),
    palettes: z
      .array(
        z.object({
          name: PaletteName,
          is_ordered: z.boolean().describe('For ranges; else for values that have no order'),
          colours: z.array(Colour).describe('For a look at it'),
        }),
      )
      .describe('Palettes that colour-blind people can read'),
  }),
})

export const proposeClasses = endpoint('GET /api/staff/layers/{layer}/classes', {
  summary: 'Classes of a field, found in the features by the database, with colours of a palette',
  params,
  query: z.object({
    kind: z.enum(['categorised', 'graduated']).describe('By value, or by ranges of a number'),
    field: Field,
    palette: PaletteName,
    method: z.enum(methods).default('quantile').describe('As many features in each class, equal steps, or natural breaks (Jenks)'),
    count: z.coerce.number().int().min(2).max(9).default(5).describe('Ranges wanted; there can be fewer'),
  }), // prettier-ignore
  response: z.object({
    classes: z
      .array(
        z.object({
          value: z.string().optional().describe('Of a class by value'),
          from: z.number().optional().describe('Of a range'),
          colour: Colour,
          label: Label,
          features: z.number().int().describe('How many features are of this class'),
        }),
      )
      .describe('Most frequent first; ranges from the least value on'),
    rest: z.number().int().describe('Features with values beyond the colours of the palette'),
    without: z.number().int().describe('Features without a value'),
    max: z.number().nullable().describe('Greatest value of a number'),
  }),
})

export const previewStyle = endpoint('POST /api/staff/layers/{layer}/style/preview', {
  summary: 'Style and legend that a recipe makes; nothing is stored',
  params,
  body: StyleRecipe,
  response: Look,
})

export const saveStyle = endpoint('PUT /api/staff/layers/{layer}/style', {
  summary: 'Give a layer the style and legend that a recipe makes',
  params,
  body: StyleRecipe,
  response: Layer,
})
