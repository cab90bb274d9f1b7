import { z } from 'zod'
import { Assurance, endpoint, Localised } from '../../core/contract.ts'

export const Category = z
  .object({
    slug: z.string().describe('Stable name'),
    title: Localised,
    description: Localised,
    parent: z.string().nullable().describe('Slug of the category above; null: a group, not to be chosen itself'),
    icon: z.string().describe('Name of a lucide icon'),
    colour: z.string().describe('CSS colour'),
    keywords: z.array(z.string()).describe('Words people type when they mean it'),
    is_public: z.boolean().describe('False: reports are seen only by staff and the reporter'),
    assurance: Assurance,
    working_days: z.number().int().describe('Promise: working days to resolution'),
    same_place_m: z.number().int().describe('Metres within which two of its reports may mean the same'),
    reopen_days: z.number().int().describe('Days after closing in which who follows one may say it is not fixed'),
  })
  .meta({ id: 'Category' })
export type Category = z.infer<typeof Category>

export const listCategories = endpoint('GET /api/categories', {
  summary: 'What can be reported',
  response: z.array(Category),
})
