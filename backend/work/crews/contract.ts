import { z } from 'zod'
import { endpoint, localisedInput, Named, Nothing, PointGeometry } from '../../core/contract.ts'

const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/)
  .describe('Stable name')
/** Time of the day, Europe/Athens. */
export const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('Time of the day, Europe/Athens, HH:MM')
export const Skills = z.array(Slug).max(30).describe('Slugs of skills')

export const listSkills = endpoint('GET /api/staff/skills', {
  summary: 'What crews can do and some work needs',
  response: z.array(Named),
})

const skillParams = z.object({ slug: Slug })

export const putSkill = endpoint('PUT /api/staff/skills/{slug}', {
  summary: 'Add a skill, or say differently what it is called',
  params: skillParams,
  body: z.object({ title: localisedInput(80) }).meta({ id: 'SkillInput' }),
  response: Named,
})

export const removeSkill = endpoint('DELETE /api/staff/skills/{slug}', {
  summary: 'Take away a skill that no crew has and no work order needs',
  params: skillParams,
  response: Nothing,
  status: 204,
})

export const CrewFacts = z.object({
  vehicle: z.string().trim().max(200).nullable().describe('What it goes with, in words'),
  load_units: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .describe('What the vehicle carries in a day, in units of load (an ordinary order is one); null: no limit'),
  shift_from: Clock.describe('When its shift begins, HH:MM, Europe/Athens'),
  shift_to: Clock.describe('When it is back, HH:MM, Europe/Athens'),
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .max(7)
    .describe('Days on which it works; ISO 8601: 1 is Monday, 7 is Sunday'),
  depot: PointGeometry.nullable().describe('Where its tour begins and ends; null: at the first and the last stop'),
  is_contractor: z.boolean().describe('True: people of another firm, who accept or decline each order'),
  contract_ref: z.string().trim().max(200).nullable().describe('Number of its contract'),
  is_active: z.boolean().describe('False: no day is planned for it'),
})

export const CrewResource = Named.extend({
  department: Named,
  ...CrewFacts.shape,
  skills: z.array(Named).describe('What it can do'),
  members: z
    .array(
      z.object({
        id: z.string().describe('Account id'),
        name: z.string().describe('Name'),
        role: z.string().describe('Role that is limited to this crew'),
      }),
    )
    .describe('Accounts with a role for this crew today'),
  areas: z
    .array(
      z.object({
        layer: z.string().describe('Layer of the area'),
        slug: z.string().describe('Key of the area in its layer'),
        title: Named.shape.title.nullable(),
      }),
    )
    .describe('Areas whose reports the rules of routing send to it'),
  version: z.number().int().describe('Counts changes'),
}).meta({ id: 'CrewResource' })
export type CrewResource = z.infer<typeof CrewResource>

export const listCrews = endpoint('GET /api/staff/crews', {
  summary: 'Crews of one’s own departments: shift, vehicle, skills, depot, people',
  response: z.array(CrewResource),
})

export const addCrew = endpoint('POST /api/staff/crews', {
  summary: 'Add a crew to a department',
  body: CrewFacts.partial()
    .extend({
      slug: Slug,
      title: localisedInput(100),
      department: z.string().max(80).describe('Slug'),
      skills: Skills.default([]),
    })
    .meta({ id: 'CrewInput' }),
  response: CrewResource,
  status: 201,
})

export const changeCrew = endpoint('PATCH /api/staff/crews/{slug}', {
  summary: 'Change what a crew is and when it works; on an older version it is refused with both versions',
  params: z.object({ slug: Slug }),
  body: CrewFacts.partial()
    .extend({
      version: z.number().int().describe('Version that the change was made on'),
      title: localisedInput(100).optional(),
      skills: Skills.optional(),
    })
    .meta({ id: 'CrewChange' }),
  response: CrewResource,
})
