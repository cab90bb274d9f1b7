// Layers whose polygons must cover the ground without gaps and overlaps: districts, school zones.
import { z } from 'zod'
import { endpoint, Geometry, Localised, OnDay } from '../../core/contract.ts'

export const TopologyFault = z
  .object({
    kind: z.enum(['gap', 'overlap']).describe('Ground of nobody, or of two'),
    area_m2: z.number().describe('Area on the ellipsoid, square metres'),
    width_m: z.number().describe('How wide about: an area with this perimeter that is long and thin, metres'),
    geometry: Geometry.describe('The ground itself, every digit, EPSG:4326'),
    features: z
      .array(
        z.object({
          id: z.string().describe('Id of the feature'),
          version: z.string().describe('Version at the time of the check'),
          title: Localised.nullable().describe('What people call it'),
          border_m: z
            .number()
            .nullable()
            .describe('How much of the border of a gap is its border too, metres; null: it lies on it'),
        }),
      )
      .describe('Whose it may become: overlapping, or bordering; the longest border first'),
  })
  .meta({ id: 'TopologyFault' })
export type TopologyFault = z.infer<typeof TopologyFault>

const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
/** RFC 7946 3.1.6: four positions or more, the last one the first again. */
const Ring = z
  .array(Position)
  .min(4)
  .refine((ring) => ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1])
const Ground = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon').describe('Type'), coordinates: z.array(Ring).min(1).describe('Rings') }),
  z.object({ type: z.literal('MultiPolygon').describe('Type'), coordinates: z.array(z.array(Ring).min(1)).min(1).describe('Polygons') }), // prettier-ignore
])

const params = z.object({ layer: z.string().describe('Slug of the layer') })

export const checkTopology = endpoint('GET /api/staff/layers/{layer}/topology', {
  summary: 'Gaps and overlaps of a layer of polygons, the largest first',
  params,
  query: z.object({
    // A boundary that is rounded to a centimetre leaves this much on a hundred metres: less is arithmetic, not ground.
    min_area_m2: z.coerce.number().min(0).default(1).describe('Smaller ones are not told, square metres'),
    within_boundary: z
      .enum(['true', 'false'])
      .default('false')
      .describe('true: what the layer leaves of the municipality is a gap, too'),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe('Faults at most, of each kind'),
    at: OnDay.shape.at,
  }),
  response: z.object({
    faults: z.array(TopologyFault).describe('The largest first'),
    gaps: z.number().int().describe('Gaps that were found'),
    overlaps: z.number().int().describe('Overlaps that were found'),
  }),
})

export const assignGround = endpoint('POST /api/staff/layers/{layer}/topology/assign', {
  summary: 'Give the ground of a gap or an overlap to one of the features that it touches, and take it from the others',
  params,
  query: OnDay,
  body: z
    .object({
      geometry: Ground.describe('The ground, as the check has told it'),
      to: z.string().describe('Id of the feature that gets it'),
      features: z
        .array(
          z.object({
            id: z
              .string()
              .regex(/^\d{1,18}$/)
              .describe('Id'),
            version: z.string().describe('Version as it was told'),
          }),
        ) // prettier-ignore
        .min(1)
        .max(100)
        .describe('All that the check has named'),
    })
    .meta({ id: 'GroundAssignment' }),
  response: z.object({ changed: z.array(z.string()).describe('Ids of the features that have another geometry now') }),
})
