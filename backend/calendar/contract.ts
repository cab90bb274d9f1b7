// What is on: features of the layers with role event, as a calendar. Their fields are named as docs/open-data.md says.
import { z } from 'zod'
import { endpoint, Language, Localised, Named } from '../core/contract.ts'

const kind = z.string().max(63).optional().describe('Only this kind: a code of the field kind')

export const Happening = z
  .object({
    layer: Named.describe('Layer that it is a feature of'),
    id: z.string().describe('Id of the feature'),
    title: Localised.nullable(),
    kind: Named.nullable().describe('Culture, sports, …'),
    status: z.enum(['scheduled', 'postponed', 'cancelled']).describe('Whether it takes place'),
    starts_at: z.string().describe('RFC 3339'),
    ends_at: z
      .string()
      .nullable()
      .describe('RFC 3339; of days without a time the midnight that ends the last; null: nobody says'),
    is_all_day: z.boolean().describe('Days without a time'),
    description: Localised.nullable(),
    place: Localised.nullable().describe('Name of the place'),
    organiser: Localised.nullable(),
    phone: z.string().nullable(),
    url: z.string().nullable().describe('Page of the organiser'),
    point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
  })
  .meta({ id: 'Happening' })
export type Happening = z.infer<typeof Happening>

export const listHappenings = endpoint('GET /api/calendar', {
  summary: 'What is on within a stretch of days, the soonest first; 31 days from today unless told otherwise',
  query: z.object({
    from: z.iso.date().optional().describe('First day, Athens'),
    to: z.iso.date().optional().describe('Last day; at most 366 days'),
    kind,
  }),
  response: z.object({
    from: z.iso.date().describe('First day'),
    to: z.iso.date().describe('Last day'),
    kinds: z.array(Named).describe('Kinds that there are in these days'),
    happenings: z.array(Happening).describe('At most 500'),
  }),
})

const params = z.object({
  layer: z.string().describe('Slug of the layer'),
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .describe('Id of the feature'),
})

export const getHappening = endpoint('GET /api/calendar/{layer}/{id}', {
  summary: 'One event',
  params,
  response: Happening,
})

const calendar = {
  headers: { 'If-None-Match': 'ETag of the copy that the caller has' },
  produces: 'text/calendar',
  response: z.string(),
}

export const getCalendar = endpoint('GET /feeds/calendar.ics', {
  summary: 'What is on, from a month ago to a year ahead, as a calendar to subscribe to (iCalendar, RFC 5545)',
  query: z.object({ kind, lang: Language }),
  ...calendar,
})

export const happeningAsCalendar = endpoint('GET /feeds/calendar/{layer}/{id}.ics', {
  summary: 'One event as iCalendar, to be put into a calendar of one’s own',
  params,
  query: z.object({ lang: Language }),
  ...calendar,
})
