import { z } from 'zod'
import { endpoint, Localised, Named } from '../../core/contract.ts'
import { PhotoLink, ReportId, Status } from '../contract.ts'

export const AnimalMatch = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    status: Status,
    category: Named,
    description: z.string().describe('Words of the citizen'),
    address: Localised.nullable().describe('Nearest address'),
    created_at: z.string().describe('RFC 3339'),
    photo: PhotoLink.nullable().describe('The first that the reader may see'),
    distance_m: z.number().describe('From one place to the other, metres'),
    days: z.number().int().describe('From the day it was lost to the day it was found; the day of the report where none was named'),
    species: Localised.nullable(),
    colours: z.array(Localised).describe('Those that both have'),
    is_same_chip: z.boolean().describe('True: both have the same microchip number; only staff and who follows the asked report learn it'),
    is_joined: z.boolean().describe('True: staff have found that it is the same animal'),
  })
  .meta({ id: 'AnimalMatch' }) // prettier-ignore
export type AnimalMatch = z.infer<typeof AnimalMatch>

export const AnimalMatches = z
  .object({
    radius_m: z.number().describe('Looked for within so many metres; one with the same chip anywhere'),
    days: z.number().int().describe('Found at most so many days after it was lost; one with the same chip whenever'),
    matches: z
      .array(AnimalMatch)
      .describe(
        'Likeliest first: joined by staff, same chip, more colours in common, nearer, fewer days between. At most 20; none when there is nothing to match',
      ),
  })
  .meta({ id: 'AnimalMatches' })
export type AnimalMatches = z.infer<typeof AnimalMatches>

export const listMatches = endpoint('GET /api/reports/{id}/matches', {
  summary: 'Animals that may be the one of a public report: lost against found, by what is public of both',
  params: ReportId,
  response: AnimalMatches,
})

export const listFollowedMatches = endpoint('GET /api/follow/{token}/matches', {
  summary: 'The same by a private link; the reporter learns of the same microchip, too',
  params: z.object({ token: z.string().max(100).describe('From follow_url') }),
  response: AnimalMatches,
})

export const listStaffMatches = endpoint('GET /api/staff/reports/{id}/matches', {
  summary: 'The same for staff, with reports that are not public and that they may see',
  params: ReportId,
  response: AnimalMatches,
})
