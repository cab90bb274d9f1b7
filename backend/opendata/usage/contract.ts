import { z } from 'zod'
import { endpoint, Localised } from '../../core/contract.ts'

const Format = z.string().describe('Ending of a file, or ogc for OGC API - Features')
const Day = z.iso.date()

export const getUsage = endpoint('GET /opendata/{dataset}/usage', {
  summary: 'How often a dataset was taken, by day and format; a year without from and to',
  params: z.object({ dataset: z.string().max(80).describe('Slug of the dataset') }),
  query: z.object({
    from: Day.optional().describe('First day, Europe/Athens; missing: a year before to'),
    to: Day.optional().describe('Last day, Europe/Athens; missing: today'),
  }),
  response: z
    .object({
      dataset: z.string().describe('Slug of the dataset'),
      from: z.string().describe('First day'),
      to: z.string().describe('Last day'),
      total: z.number().describe('Complete answers with data in these days'),
      days: z
        .array(
          z.object({
            day: z.string().describe('Day, Europe/Athens'),
            format: Format,
            count: z.number().describe('How often'),
          }),
        )
        .describe('Days and formats with at least one, oldest first'),
    })
    .meta({ id: 'DatasetUsage' }),
})

export const UsageTotals = z
  .object({
    dataset: z.string().describe('Slug of the dataset'),
    title: Localised,
    days_30: z.number().describe('How often in the last 30 days'),
    days_365: z.number().describe('How often in the last 365 days'),
    formats: z
      .array(
        z.object({
          format: Format,
          days_30: z.number().describe('How often in the last 30 days'),
          days_365: z.number().describe('How often in the last 365 days'),
        }),
      )
      .describe('By format, the most wanted first'),
  })
  .meta({ id: 'UsageTotals' })
export type UsageTotals = z.infer<typeof UsageTotals>

export const listUsage = endpoint('GET /api/opendata/usage', {
  summary: 'How often each dataset was taken lately, the most wanted first',
  response: z.array(UsageTotals),
})
