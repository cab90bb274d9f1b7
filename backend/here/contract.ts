import { z } from 'zod'
import { endpoint, Language, Localised, Named, OnDay } from '../core/contract.ts'
import { LonLatQuery, Place } from '../places/contract.ts'
import { Status } from '../reports/contract.ts'

/** Where an answer comes from: shown beside it, so that who reads it knows how old it is and what it may be used for. */
export const Source = z
  .object({
    layer: Named,
    attribution: Localised.describe('Who made it'),
    licence: z.string().describe('SPDX identifier'),
    updated_at: z.string().describe('Last change of the layer, RFC 3339'),
  })
  .meta({ id: 'Source' })
export type Source = z.infer<typeof Source>

export const FoundFeature = z
  .object({
    layer: Named,
    id: z.string().describe('Id of the feature in its layer'),
    title: Localised.nullable(),
    properties: z.record(z.string(), z.unknown()).describe('Fields the caller may see'),
    distance_m: z.number().describe('Metres from the point as the crow flies; 0: contains it'),
    zone: z
      .object({
        title: Localised.nullable().describe('Name of the zone; null: the street register says so'),
        school_year: z.string().describe('School year it is for, e.g. 2026-2027'),
      })
      .nullable()
      .describe('Of a school: what makes it the school of this point'),
  })
  .meta({ id: 'FoundFeature' })
export type FoundFeature = z.infer<typeof FoundFeature>

export const subjects = ['schools', 'building', 'works', 'networks', 'places', 'other'] as const
export const Subject = z.enum(subjects).describe('What the card is about')
export type Subject = z.infer<typeof Subject>

export const Card = z
  .object({
    subject: Subject,
    features: z.array(FoundFeature).describe('Nearest first'),
    sources: z.array(Source).describe('Layers that the features come from'),
  })
  .meta({ id: 'Card' })
export type Card = z.infer<typeof Card>

export const NearReport = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number'),
    category: Localised,
    status: Status,
    created_at: z.string().describe('RFC 3339'),
    distance_m: z.number().describe('Metres from the point'),
  })
  .meta({ id: 'NearReport' })

export const Here = z
  .object({
    lon: z.number().describe('Degrees, WGS 84'),
    lat: z.number().describe('Degrees, WGS 84'),
    grid: z
      .object({ east: z.number().describe('Metres'), north: z.number().describe('Metres') })
      .describe('The point in the Greek Grid, EPSG:2100'),
    place: Place,
    cards: z.array(Card).describe('A card a subject; only those with something on them'),
    reports: z.array(NearReport).describe('Open public reports within 100 m, nearest first'),
  })
  .meta({ id: 'Where' })
export type Here = z.infer<typeof Here>

export const where = endpoint('GET /api/where', {
  summary: 'What the city knows about one point',
  query: LonLatQuery.extend(OnDay.shape),
  response: Here,
})

export const whereSheet = endpoint('GET /api/where.pdf', {
  summary: 'The same as a sheet of A4 paper with a map',
  query: LonLatQuery.extend({ ...OnDay.shape, language: Language }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
})
