// The fields of a layer, added, described, retired and put back while it is in use.
import { z } from 'zod'
import { endpoint, localisedInput } from '../../core/contract.ts'
import { FieldDefinition } from '../contract.ts'

const CODES_AT_MOST = 500

const params = z.object({ layer: z.string().describe('Slug of the layer') })
const ofField = params.extend({ field: z.string().describe('Name of the field') })

const { name, type } = FieldDefinition.shape
const Described = z.object({
  title: localisedInput(100).describe('Title in the popup and in open data'),
  unit: z.string().trim().max(20).nullable().describe('Unit of the values, e.g. m; null: none'),
  codes: z
    .record(z.string().min(1).max(200), localisedInput(200))
    .refine((codes) => Object.keys(codes).length <= CODES_AT_MOST)
    .nullable()
    .describe('Meaning of coded values of a text or whole number; null: values speak for themselves'),
  is_public: z.boolean().describe('False: never leaves to people who are not staff'),
  is_searchable: z.boolean().describe('Found by the search box (text and whole numbers)'),
})

export const uses = ['key', 'title', 'style', 'area'] as const

export const LayerFields = z
  .object({
    fields: z
      .array(
        FieldDefinition.extend({
          uses: z.array(z.enum(uses)).describe('What stands on it; such a field cannot be retired'),
        }),
      )
      .describe('In the order of the layer'),
    retired: z.array(FieldDefinition).describe('Shown and published no more; their values are kept'),
  })
  .meta({ id: 'LayerFields' })
export type LayerFields = z.infer<typeof LayerFields>

export const listFields = endpoint('GET /api/staff/layers/{layer}/fields', {
  summary: 'The fields of a layer, those that are retired too',
  params,
  response: LayerFields,
})

export const addField = endpoint('POST /api/staff/layers/{layer}/fields', {
  summary: 'Give a layer a new field; its features have no value in it yet',
  params,
  body: Described.partial({ unit: true, codes: true, is_public: true, is_searchable: true })
    .extend({ name, type })
    .meta({
      id: 'NewField',
      examples: [{ name: 'height_m', type: 'number', title: { el: 'Ύψος', en: 'Height' }, unit: 'm' }],
    }),
  response: LayerFields,
  status: 201,
})

export const dateFeatures = endpoint('POST /api/staff/layers/{layer}/dates', {
  summary: 'Let features say from which day to which they are valid: fields valid_from and valid_to',
  params,
  response: LayerFields,
  status: 201,
})

export const changeField = endpoint('PATCH /api/staff/layers/{layer}/fields/{field}', {
  summary: 'Change what a field is called, what its codes mean and who may see it',
  params: ofField,
  body: Described.partial().meta({ id: 'FieldChange', examples: [{ is_public: false }] }),
  response: LayerFields,
})

export const retireField = endpoint('POST /api/staff/layers/{layer}/fields/{field}/retire', {
  summary: 'Show and publish a field no more; its values are kept',
  params: ofField,
  response: LayerFields,
})

export const restoreField = endpoint('POST /api/staff/layers/{layer}/fields/{field}/restore', {
  summary: 'Put a retired field back, with the values it had',
  params: ofField,
  response: LayerFields,
})
