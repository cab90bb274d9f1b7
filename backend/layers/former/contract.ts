// Former features of a layer: what it held before a file took the place of all.
import { z } from 'zod'
import { endpoint, Localised } from '../../core/contract.ts'

const params = z.object({ layer: z.string().describe('Slug of the layer') })

export const FormerVersion = z
  .object({
    id: z.string().describe('Key'),
    replaced_at: z.string().describe('RFC 3339: when something else took their place'),
    who: z.string().nullable().describe('Name of the account that replaced them'),
    role: z.string().nullable().describe('Role of the database, where no account did it (command line)'),
    file_name: z.string().nullable().describe('File that took their place; null: others that were put back'),
    feature_count: z.number().int().describe('How many features they are'),
    fields: z
      .array(z.object({ name: z.string().describe('Column'), title: Localised.describe('Title') }))
      .describe('Fields at the time'),
  })
  .meta({ id: 'FormerVersion' })
export type FormerVersion = z.infer<typeof FormerVersion>

export const listFormer = endpoint('GET /api/staff/layers/{layer}/former', {
  summary: 'What a layer held before all its features were replaced, newest first; five are kept for 90 days',
  params,
  response: z.array(FormerVersion),
})

export const putFormerBack = endpoint('POST /api/staff/layers/{layer}/former/{id}/put-back', {
  summary: 'Put former features in the place of those that are there, which are kept in turn',
  params: params.extend({ id: z.string().describe('Key of the former features') }),
  response: z.object({ imported: z.number().int().describe('Features of the layer now') }),
})
