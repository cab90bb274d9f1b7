// The calendar of the town, as far as promises count with it: its own days off, and days that are worked all the same.
import { z } from 'zod'
import { endpoint, Localised, localisedInput } from '../../core/contract.ts'

const Day = z.iso.date().describe('Day, Europe/Athens, YYYY-MM-DD')
const facts = {
  is_yearly: z.boolean().describe('True: on this day of every year from then on'),
  is_worked: z.boolean().describe('False: a day off; true: worked all the same, be it a weekend or a public holiday'),
}

export const LocalDay = z
  .object({
    id: z.string().describe('Id'),
    day: Day,
    title: Localised.describe('What day it is'),
    ...facts,
    is_worked_in_greece: z.boolean().describe('False: a weekend or a public holiday of Greece anyway'),
  })
  .meta({ id: 'LocalDay' })
export type LocalDay = z.infer<typeof LocalDay>

export const LocalDayInput = z
  .object({
    day: Day.refine((day) => day >= '2000-01-01' && day <= '2099-12-31'),
    title: localisedInput(120),
    is_yearly: facts.is_yearly.default(false),
    is_worked: facts.is_worked.default(false),
  })
  .meta({ id: 'LocalDayInput' })

export const listLocalDays = endpoint('GET /api/staff/local-days', {
  summary: 'The town’s own days off in a year, and days that are worked all the same; weekends and public holidays are not listed',
  query: z.object({ year: z.coerce.number().int().min(2000).max(2099).describe('Calendar year') }),
  response: z.array(LocalDay).describe('In their order'),
}) // prettier-ignore

export const addLocalDay = endpoint('POST /api/staff/local-days', {
  summary: 'Add a day; promises that are given from now on count with it, those that were given stay',
  body: LocalDayInput,
  response: LocalDay,
  status: 201,
})

export const deleteLocalDay = endpoint('DELETE /api/staff/local-days/{id}', {
  summary: 'Remove a day, of one that comes every year all of them; promises that were given stay',
  params: z.object({
    id: z
      .string()
      .regex(/^\d{1,18}$/)
      .describe('Id'),
  }),
  status: 204,
  response: z.void(),
})
