// What was done to the features of a layer, by whom, and what they were before.
import { z } from 'zod'
import { endpoint, Geometry } from '../../core/contract.ts'

const State = z
  .object({
    properties: z.record(z.string(), z.unknown()).describe('Values by field, those of retired fields too'),
    geometry: Geometry,
  })
  .nullable()

export const FeatureChange = z
  .object({
    id: z.string().describe('Key'),
    feature: z.string().nullable().describe('Id of the feature; null: all of them'),
    action: z
      .enum(['create', 'change', 'delete', 'replace', 'renew'])
      .describe('replace: a file took the place of all, by key; renew: the same, and ids mean others since'),
    made_at: z.string().describe('RFC 3339'),
    who: z.string().nullable().describe('Name of the account'),
    role: z.string().nullable().describe('Role of the database, where no account did it (QGIS, SQL)'),
    before: State.describe('The feature before; null: there was none, or it is not known'),
    after: State.describe('The feature afterwards; null: there was none any more, or it is not known'),
  })
  .meta({ id: 'FeatureChange' })
export type FeatureChange = z.infer<typeof FeatureChange>

const params = z.object({ layer: z.string().describe('Slug of the layer') })
const Id = z.string().regex(/^\d{1,18}$/)

export const listHistory = endpoint('GET /api/staff/layers/{layer}/history', {
  summary: 'What was done to the features of a layer by portal, API, QGIS or SQL; the newest first',
  params,
  query: z.object({
    feature: Id.optional().describe('Only of this feature'),
    cursor: Id.optional().describe('Where the page before has ended'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Entries at most'),
  }),
  response: z.object({
    entries: z.array(FeatureChange).describe('Newest first'),
    next: z.string().nullable().describe('Cursor of the next page; null: no more'),
  }),
})

export const putBack = endpoint('POST /api/staff/layers/{layer}/history/{id}/put-back', {
  summary: 'Give a feature the values and the geometry that it had before a change, or bring a deleted one back',
  params: params.extend({ id: z.string().describe('Key of the change') }),
  response: z.object({ feature: z.string().describe('Id of the feature') }),
})
