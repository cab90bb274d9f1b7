import { z } from 'zod'
import { endpoint, Geometry, Localised, Named } from '../core/contract.ts'

const coordinate = (limit: number, what: string) =>
  z.coerce.number().min(-limit).max(limit).describe(`${what}, degrees, WGS 84 (EPSG:4326)`)

export const LonLatQuery = z.object({
  lon: coordinate(180, 'Longitude'),
  lat: coordinate(90, 'Latitude'),
})

const MOST_CORNERS = 100
const PAIR = String.raw`-?\d{1,3}(\.\d{1,9})?,-?\d{1,2}(\.\d{1,9})?`

/** "lon,lat;lon,lat;…" in the address of a page, two corners at least. */
export const Corners = z
  .string()
  .max(3000)
  .regex(new RegExp(`^${PAIR}(;${PAIR})+$`))
  .transform((text) => text.split(';').map((pair) => pair.split(',').map(Number) as [number, number]))
  .refine(
    (corners) =>
      corners.length <= MOST_CORNERS && corners.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90),
  )
  .describe('Corners, lon,lat;lon,lat;… in degrees, WGS 84')

export const Address = z
  .object({
    title: Localised.describe('Street and number'),
    distance_m: z.number().describe('Metres from the point'),
  })
  .meta({ id: 'NearestAddress' })

/** Where a point lies in the areas of the municipality. */
export const Place = z
  .object({
    municipality: Named.nullable(),
    municipal_unit: Named.nullable(),
    district: Named.nullable(),
    school_zones: z.array(Named),
    block: Named.nullable(),
    address: Address.nullable().describe('Nearest known address within 150 m'),
    distance_to_boundary_m: z
      .number()
      .nullable()
      .describe('Metres to the municipality when outside it, else 0; null: no boundary loaded'),
    districts: z
      .array(Named.extend({ share: z.number().describe('How much of it lies there, 0 to 1') }))
      .optional()
      .describe('Of a line or an area: every district that it touches, the largest share first'),
    inside_share: z
      .number()
      .optional()
      .describe('Of a line or an area: how much of it lies in the municipality, 0 to 1'),
  })
  .meta({ id: 'Place' })
export type Place = z.infer<typeof Place>

export const SearchResult = z
  .object({
    kind: z.enum(['address', 'street', 'feature', 'report', 'coordinates']).describe('What was found'),
    title: Localised,
    subtitle: Localised.nullable().describe('Kind or layer, and where; of a report its category and state'),
    layer: z.string().nullable().describe('Slug of the layer'),
    id: z.string().describe('Id of the feature or report; of a place that is neither, its coordinates'),
    point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees, WGS 84'),
    bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable().describe('West, south, east, north'),
    is_own_work: z.boolean().optional().describe('Of a report: the caller finds it at the desk, not only in public'),
  })
  .meta({ id: 'SearchResult' })
export type SearchResult = z.infer<typeof SearchResult>

export const SearchQuery = z.object({
  q: z.string().min(1).max(200).describe('What to look for'),
  lon: coordinate(180, 'Longitude to rank near to').optional(),
  lat: coordinate(90, 'Latitude to rank near to').optional(),
  limit: z.coerce.number().int().min(1).max(20).default(8).describe('How many'),
})
export type SearchQuery = z.output<typeof SearchQuery>

export const City = z
  .object({
    title: Localised.describe('Name of the municipality'),
    note: Localised.nullable().describe('A note shown in the portal, e.g. that the city is invented'),
    centre: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
    zoom: z.number().describe('Zoom at start'),
    boundary: Geometry.nullable().describe('Outline of the municipality, simplified'),
    districts: z
      .array(
        Named.extend({ point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude inside it; degrees') }),
      )
      .describe('Where to write the names of the districts'),
    hue: z
      .number()
      .nullable()
      .describe('Colour of the municipality: OKLCH hue, degrees 0..360; null: the colour of Asty'),
    basemap_style_url: z.string().nullable().describe('MapLibre style to draw under the layers instead of our own'),
  })
  .meta({ id: 'City' })
export type City = z.infer<typeof City>

export const getCity = endpoint('GET /api/city', {
  summary: 'Name, place and start view of this municipality',
  response: City,
})

export const measure = endpoint('GET /api/measure', {
  summary: 'How long a line is and how large an area, on the ellipsoid',
  query: z.object({
    corners: Corners,
    is_closed: z.stringbool().default(false).describe('true: the corners go around an area'),
  }),
  response: z
    .object({
      length_m: z.number().describe('Length of the line, or all around the area; metres on the ellipsoid (WGS 84)'),
      area_m2: z.number().nullable().describe('Square metres on the ellipsoid; null: a line, or sides that cross'),
    })
    .meta({ id: 'Measured' }),
})
