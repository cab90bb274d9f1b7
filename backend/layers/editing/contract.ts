// Features as who edits them needs them: exact coordinates, all fields, and the version that a change must name.
// They are written through OGC API - Features Part 4 (opendata/ogc/contract.ts).
import { z } from 'zod'
import { endpoint, Geometry, Localised } from '../../core/contract.ts'

export const EditableFeature = z
  .object({
    id: z.string().describe('Id of the feature'),
    version: z.string().describe('A change names it in If-Match as "<version>-"'),
    title: Localised.nullable().describe('What people call it; null: it has no title'),
    properties: z.record(z.string(), z.unknown()).describe('Values by field, closed fields too'),
    geometry: Geometry.describe('Every digit that is stored, EPSG:4326'),
  })
  .meta({ id: 'EditableFeature' })
export type EditableFeature = z.infer<typeof EditableFeature>

const params = z.object({ layer: z.string().describe('Slug of the layer') })
const Id = z.string().regex(/^\d{1,18}$/)

const BBox = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(z.tuple([z.number(), z.number(), z.number(), z.number()]))

export const listFeatures = endpoint('GET /api/staff/layers/{layer}/features', {
  summary: 'Features of a layer for editing, by id; in a box, or by a part of the title',
  params,
  query: z.object({
    bbox: BBox.optional().describe('West, south, east, north; degrees, WGS 84'),
    q: z.string().trim().max(100).optional().describe('Part of a title or key, without regard to accents'),
    cursor: Id.optional().describe('Where the page before has ended'),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe('Features at most'),
  }),
  response: z.object({
    features: z.array(EditableFeature).describe('By id'),
    next: z.string().nullable().describe('Cursor of the next page; null: no more'),
  }),
})

export const getFeature = endpoint('GET /api/staff/layers/{layer}/features/{id}', {
  summary: 'A feature of a layer for editing',
  params: params.extend({ id: Id.describe('Id of the feature') }),
  response: EditableFeature,
})
