import { z } from 'zod'
import { endpoint, Localised, Named } from '../core/contract.ts'
import { Address, LonLatQuery } from '../places/contract.ts'

const SchoolYear = z
  .string()
  .regex(/^\d{4}-\d{4}$/)
  .describe('School year, e.g. 2026-2027')

const School = z
  .object({
    layer: Named,
    id: z.string().describe('Id of the school in its layer'),
    title: Localised.nullable(),
    properties: z.record(z.string(), z.unknown()).describe('Telephone and what else the caller may see'),
    point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
    distance_m: z.number().describe('Metres as the crow flies'),
    walk_m: z.number().nullable().describe('Metres on foot along the streets; null: not known'),
    by: z
      .array(z.enum(['register', 'zone']))
      .describe('What says so: a line of the street register, a zone on the map'),
    decision: z.string().nullable().describe('Decision of the directorate that the register names'),
    zone: Localised.nullable().describe('Name of the zone'),
  })
  .meta({ id: 'School' })
export type School = z.infer<typeof School>

export const FoundSchools = z
  .object({
    school_year: SchoolYear,
    school_years: z.array(SchoolYear).describe('Years that can be asked for, the newest first'),
    address: Address.nullable().describe('House that the register was asked for: the nearest within 60 m'),
    levels: z
      .array(
        z.object({
          level: Named.describe('Primary, secondary, …'),
          schools: z.array(School).describe('Usually one; that of the register comes first'),
          is_disputed: z.boolean().describe('Register and zones name different schools'),
        }),
      )
      .describe('By level of school'),
  })
  .meta({ id: 'FoundSchools' })
export type FoundSchools = z.infer<typeof FoundSchools>

export const findSchools = endpoint('GET /api/schools', {
  summary: 'Which schools a place belongs to in a school year, by the street register and by the zones on the map',
  query: LonLatQuery.extend({ school_year: SchoolYear.optional() }),
  response: FoundSchools,
})

const Conflict = z
  .object({
    kind: z.enum(['zone', 'double']).describe('Register and zone differ; the register names two schools'),
    level: Named,
    street: Localised.describe('Name of the street'),
    from_number: z.number().int().nullable().describe('Lowest house number'),
    to_number: z.number().int().nullable().describe('Highest house number'),
    houses: z.number().int().describe('How many houses'),
    register: Localised.nullable().describe('School of the register'),
    other: Localised.nullable().describe('School of the zone, or the second one of the register'),
    point: z.tuple([z.number(), z.number()]).describe('One of the houses: longitude, latitude; degrees'),
  })
  .meta({ id: 'SchoolConflict' })
export type Conflict = z.infer<typeof Conflict>

export const listConflicts = endpoint('GET /api/staff/schools/conflicts', {
  summary: 'Houses to which register and zones give different schools, by street',
  query: z.object({ school_year: SchoolYear.optional() }),
  response: z.object({
    school_year: SchoolYear,
    rules: z.number().int().describe('Lines in the register of the year'),
    conflicts: z.array(Conflict).describe('At most 500, most houses first'),
  }),
})

export const replaceRegister = endpoint('PUT /api/staff/schools/register', {
  summary: 'Replace the street register of a school year',
  body: z
    .object({
      school_year: SchoolYear,
      csv: z
        .string()
        .max(900_000)
        .describe('CSV with the columns school, street, numbers (odd, even, both), from, to, decision; also in Greek'),
    })
    .meta({
      id: 'SchoolRegister',
      examples: [{ school_year: '2026-2027', csv: 'school;street;numbers;from;to\n1ο Δημοτικό;Ερμού;odd;1;35' }],
    }),
  response: z.object({ rules: z.number().int().describe('Lines that count now') }),
})
