import { z } from 'zod'
import { endpoint, Localised, localisedInput, Named } from '../../core/contract.ts'

/** As long as anybody may be asked about a case; longer would be for ever. */
const MOST_MONTHS = 240
const Months = z.number().int().min(0).max(MOST_MONTHS)
const months = {
  contact_months: Months.describe('Months after closing until contact details and the link to an account go'),
  photo_months: Months.describe('Months after closing until photos and documents of staff go'),
}

/** What personal data of a category are for, and how long they stay. */
export const RetentionRule = z
  .object({
    category: Named,
    group: Named.describe('Group of the category'),
    purpose: Localised.describe('What the personal data are for'),
    ...months,
  })
  .meta({ id: 'RetentionRule' })
export type RetentionRule = z.infer<typeof RetentionRule>

const Counts = z.record(z.string(), z.number().int())
const counts = {
  anonymised: z.number().int().describe('Reports that lose contact details and the link to an account'),
  supporters: z.number().int().describe('People who said “me too” and lose address, device and link to an account'),
  photos: z.number().int().describe('Photos of reports that are deleted'),
  uploads: z.number().int().describe('Photos that were uploaded and never sent'),
  files: z.number().int().describe('Documents that staff had put beside reports'),
  by_category: Counts.describe('Reports, by slug of the category'),
}

export const RetentionRun = z.object({ at: z.string().describe('RFC 3339'), ...counts }).meta({ id: 'RetentionRun' })
export type RetentionRun = z.infer<typeof RetentionRun>

export const listRetention = endpoint('GET /api/staff/retention', {
  summary: 'How long personal data of each category stay and what for, and the last times they went',
  response: z
    .object({
      rules: z.array(RetentionRule).describe('By group and category'),
      runs: z.array(RetentionRun).describe('Proof of what went, newest first'),
    })
    .meta({ id: 'Retention' }),
})

/** What a run takes away. */
export const Retained = z
  .object({ ...counts, photos_by_category: Counts.describe('Photos, by slug of the category') })
  .meta({ id: 'Retained' })
export type Retained = z.infer<typeof Retained>

export const rehearseRetention = endpoint('POST /api/staff/retention/rehearsal', {
  summary: 'What the next run would take away; nothing is changed',
  response: Retained,
})

export const changeRetention = endpoint('PATCH /api/staff/retention/{category}', {
  summary: 'Change how long personal data of a category stay, or the words that say what for',
  params: z.object({ category: z.string().max(80).describe('Slug of the category') }),
  body: z
    .object({ ...months, purpose: localisedInput(1000).describe('What the personal data are for') })
    .partial()
    .meta({ id: 'RetentionChange' }),
  response: RetentionRule,
})
