// Where a report is: a point, a stretch, or an area; and how much of that is still one report.
import { z } from 'zod'
import { Latitude, Longitude, PointGeometry } from '../../core/contract.ts'

/** Corners of all rings together. A street, traced by hand, has some dozens. */
export const MOST_CORNERS = 500
/** Metres along a line, or around an area: the longest street of a town. */
export const LONGEST_M = 10_000
/** Square metres, a thousand stremmata: a large park. What is larger is no place but a part of the town. */
export const LARGEST_M2 = 1_000_000

const Corner = z.tuple([Longitude, Latitude])

/** RFC 7946 section 3.1.4. */
export const LineGeometry = z
  .object({
    type: z.literal('LineString').describe('GeoJSON geometry type'),
    coordinates: z.array(Corner).min(2).max(MOST_CORNERS).describe('Corners along the stretch, longitude first'),
  })
  .meta({ id: 'LineGeometry' })
export type LineGeometry = z.infer<typeof LineGeometry>

const isClosed = (ring: readonly (readonly [number, number])[]): boolean => {
  const [first, last] = [ring[0]!, ring.at(-1)!]
  return first[0] === last[0] && first[1] === last[1]
}
const Ring = z
  .array(Corner)
  .min(4)
  .refine(isClosed, { params: { text: 'field.ring' } })

/** RFC 7946 section 3.1.6. */
export const AreaGeometry = z
  .object({
    type: z.literal('Polygon').describe('GeoJSON geometry type'),
    coordinates: z
      .array(Ring)
      .min(1)
      .refine((rings) => rings.flat().length <= MOST_CORNERS, { params: { text: 'field.corners' } })
      .describe('The ring around it, then holes; each ends where it begins'),
  })
  .meta({ id: 'AreaGeometry' })
export type AreaGeometry = z.infer<typeof AreaGeometry>

/** GeoJSON type `type` as categories say what they may be drawn as. */
export const kindOf = { Point: 'point', LineString: 'line', Polygon: 'area' } as const
export const kinds = ['point', 'line', 'area'] as const
export type Kind = (typeof kinds)[number]

export const Geometries = z
  .array(z.enum(kinds))
  .min(1)
  .transform((given) => kinds.filter((kind) => given.includes(kind)))
  .describe('What its reports may be drawn as: a point, a stretch, an area')

export const Location = z.discriminatedUnion('type', [PointGeometry, LineGeometry, AreaGeometry])
export type Location = z.infer<typeof Location>
