import { z } from 'zod'
import { endpoint, Geometry, Link, Localised, Named, PointGeometry } from '../../core/contract.ts'

/** Whether a place is open at the moment that was asked about, in words too. */
export const Opening = z
  .object({
    text: z.string().describe('Hours as they are written in the layer (OpenStreetMap opening_hours, where it is that)'),
    state: z.enum(['open', 'closed', 'unknown']).nullable().describe('null: the hours could not be understood'),
    changes_at: z.string().nullable().describe('Next change of the state, RFC 3339; null: none is known'),
    comment: z.string().nullable().describe('What the hours say beside times, e.g. by appointment'),
    summary: Localised.nullable().describe('"Open until 21:00"; null: the hours could not be understood'),
  })
  .meta({ id: 'Opening' })
export type Opening = z.infer<typeof Opening>

/** What a list tells of a place. */
export const PlaceCard = z
  .object({
    layer: Named,
    key: z.string().describe('Key in the layer: with the layer the address of the place, /places/{layer}/{key}'),
    feature: z.string().describe('Id of the feature in its layer'),
    title: Localised,
    kind: Named.describe('Code of the field kind, else the layer'),
    distance_m: z.number().nullable().describe('Metres as the crow flies from the point that was asked about'),
    address: Localised.nullable().describe('Street and number'),
    phone: z.string().nullable().describe('As written in the layer'),
    wheelchair: z.enum(['yes', 'limited', 'no']).nullable().describe('Access with a wheelchair (OpenStreetMap)'),
    opening: Opening.nullable(),
    on_duty_until: z.string().nullable().describe('On duty at the moment asked about, until then; RFC 3339'),
  })
  .meta({ id: 'PlaceCard' })
export type PlaceCard = z.infer<typeof PlaceCard>

const numbers = (count: number) =>
  z
    .string()
    .regex(new RegExp(String.raw`^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){${count - 1}}$`))
    .transform((text) => text.split(',').map(Number))
const moment = z.union([z.literal('now'), z.iso.datetime({ offset: true })])

export const PlaceQuery = z.object({
  kind: z
    .string()
    .max(500)
    .transform((text) => text.split(',').filter(Boolean))
    .optional()
    .describe('Kinds, with commas between them: codes of the field kind, or slugs of layers'),
  near: numbers(2)
    .refine(([lon = 999, lat = 999]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
    .optional()
    .describe('lon,lat in degrees, WGS 84: nearest first'),
  bbox: numbers(4).optional().describe('west,south,east,north in degrees, WGS 84'),
  open: moment.optional().describe('Only what is open: now, or at this moment (RFC 3339)'),
  duty: moment.optional().describe('Only what is on duty: now, or at this moment (RFC 3339)'),
  wheelchair: z.enum(['yes', 'limited', 'no']).optional().describe('Only with this access'),
  q: z.string().max(100).optional().describe('Part of the name'),
  limit: z.coerce.number().int().min(1).max(100).default(30).describe('How many'),
  cursor: z.string().max(500).optional().describe('From the link to the next page'),
})
export type PlaceQuery = z.output<typeof PlaceQuery>

export const listPlaces = endpoint('GET /api/places', {
  summary: 'Places of the town: what, where, open now, on duty; nearest first where a point is given',
  query: PlaceQuery,
  response: z
    .object({
      type: z.literal('FeatureCollection').describe('GeoJSON type'),
      features: z.array(
        z.object({
          type: z.literal('Feature').describe('GeoJSON type'),
          id: z.string().describe('layer/key'),
          geometry: PointGeometry.describe('The place; of a route its start'),
          properties: PlaceCard,
        }),
      ),
      numberReturned: z.number().int().describe('How many features are here'),
      links: z.array(Link),
    })
    .meta({ id: 'PlaceCollection' }),
})

export const Span = z.object({ starts_at: z.string().describe('RFC 3339'), ends_at: z.string().describe('RFC 3339') })

export const OpeningDay = z
  .object({
    on: z.string().describe('Day in Greece, YYYY-MM-DD'),
    holiday: z.string().nullable().describe('Name of the public holiday, in Greek'),
    spans: z
      .array(
        z.object({
          from: z.string().describe('HH:MM, time in Greece'),
          to: z.string().describe('HH:MM; 24:00 at midnight, earlier than from when it is on the next day'),
          comment: z.string().nullable().describe('What the hours say of these'),
          is_certain: z.boolean().describe('False: ask before'),
        }),
      )
      .describe('Empty: closed'),
  })
  .meta({ id: 'OpeningDay' })
export type OpeningDay = z.infer<typeof OpeningDay>

export const PlaceDetail = PlaceCard.extend({
  geometry: Geometry,
  point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).describe('West, south, east, north; degrees'),
  properties: z.record(z.string(), z.unknown()).describe('Fields the caller may see'),
  description: Localised.nullable(),
  website: z.string().nullable().describe('http(s) address'),
  photos: z
    .array(
      z.object({
        url: z.string().describe('Address on this server'),
        credit: z.string().nullable().describe('By whom'),
      }),
    )
    .describe('Pictures'),
  week: z.array(OpeningDay).describe('Seven days from the day asked about; empty: hours unknown'),
  duties: z.array(Span).describe('The next duties, at most five'),
  length_m: z.number().nullable().describe('Length of a route on the ellipsoid, metres'),
  profile: z
    .array(z.tuple([z.number(), z.number()]))
    .nullable()
    .describe('Of a route: metres from its start, metres above the sea'),
  source: z
    .object({
      layer: Named,
      attribution: Localised.describe('Who made it'),
      licence: z.string().describe('SPDX identifier'),
      updated_at: z.string().describe('Last change of the layer, RFC 3339'),
    })
    .describe('Where it comes from'),
}).meta({ id: 'PlaceDetail' })
export type PlaceDetail = z.infer<typeof PlaceDetail>

export const getPlace = endpoint('GET /api/places/{layer}/{key}', {
  summary: 'One place: hours of the week, duties, elevation profile, where it comes from',
  params: z.object({
    layer: z.string().describe('Slug of the layer'),
    key: z.string().describe('Key in the layer, or id: and the id of the feature'),
  }),
  query: z.object({ at: moment.default('now').describe('Moment that is asked about') }),
  response: PlaceDetail,
})

export const replaceDuties = endpoint('PUT /api/staff/places/{layer}/duties', {
  summary: 'Replace the duties of a layer from the first to the last day of a list',
  params: z.object({ layer: z.string().describe('Slug of a layer with role poi') }),
  body: z
    .object({
      csv: z
        .string()
        .max(900_000)
        .describe('CSV with the columns date, place and optionally from, to (HH:MM); also in Greek'),
    })
    .meta({
      id: 'PlaceDuties',
      examples: [{ csv: 'date;from;to;place\n2026-12-01;08:00;08:00;P-0117\n1/12/2026;08:00;23:00;Φαρμακείο Ερμού' }],
    }),
  response: z.object({
    duties: z.number().int().describe('Duties that count now in these days'),
    from: z.string().describe('First day, YYYY-MM-DD'),
    to: z.string().describe('Last day, YYYY-MM-DD'),
  }),
})
