import { z } from 'zod'
import { endpoint, Localised, localisedInput } from '../../core/contract.ts'

export const StandardAnswer = z
  .object({
    id: z.string().describe('Id'),
    title: Localised.describe('What it is chosen by'),
    text: Localised.describe('What is written'),
    category: z.string().nullable().describe('Slug of the category or group it is for; null: any'),
    department: z.string().nullable().describe('Slug of the department whose it is; null: of the whole municipality'),
    is_own: z.boolean().describe('The caller may change it'),
  })
  .meta({ id: 'StandardAnswer' })
export type StandardAnswer = z.infer<typeof StandardAnswer>

const body = z
  .object({
    title: localisedInput(100),
    text: localisedInput(4000),
    category: z.string().max(80).nullable().default(null).describe('Slug of the category or group it is for; null: any'),
    department: z.string().max(80).nullable().default(null).describe('Slug of the department; null: the whole municipality, for those who have no department'),
  })
  .meta({ id: 'StandardAnswerInput' }) // prettier-ignore
export type StandardAnswerInput = z.output<typeof body>
const params = z.object({ id: z.string().regex(/^\d{1,18}$/).describe('Id') }) // prettier-ignore

export const listStandardAnswers = endpoint('GET /api/staff/standard-answers', {
  summary: 'What is often written to citizens, in both languages, by title',
  response: z.array(StandardAnswer),
})

export const addStandardAnswer = endpoint('POST /api/staff/standard-answers', {
  summary: 'Add one for one’s department',
  body,
  response: StandardAnswer,
  status: 201,
})

export const changeStandardAnswer = endpoint('PUT /api/staff/standard-answers/{id}', {
  summary: 'Change one of one’s department',
  params,
  body,
  response: StandardAnswer,
})

export const deleteStandardAnswer = endpoint('DELETE /api/staff/standard-answers/{id}', {
  summary: 'Delete one of one’s department; what was written with it stays',
  params,
  status: 204,
  response: z.void(),
})
