import { z } from 'zod'
import { endpoint, Localised } from '../core/contract.ts'

const Day = z.iso.date()

export const PublicDimension = z.enum(['category', 'district', 'department', 'month'])
export const Dimension = z.enum([...PublicDimension.options, 'crew', 'channel'])
export type Dimension = z.infer<typeof Dimension>

const Spread = z.object({ median: z.number(), p90: z.number().describe('Nine of ten took no longer') }).nullable()

export const Figures = z
  .object({
    received: z.number().int().describe('Reports that came in these days'),
    open: z.number().int().describe('Of these, open now'),
    overdue: z.number().int().describe('Of these, open and past their date'),
    resolved: z.number().int().describe('Of these, resolved'),
    rejected: z.number().int().describe('Of these, closed without action'),
    reopened: z.number().int().describe('Of these, opened again at least once'),
    answered: z.number().int().describe('Of these, answered'),
    answer_h: Spread.describe('Hours to the first answer; null: too few'),
    answer_in_time_share: z.number().nullable().describe('0 to 1: answered within the promise, of all that had one; null: too few'),
    resolution_days: Spread.describe('Days to the end of the work, of those resolved; null: too few'),
    in_time_share: z.number().nullable().describe('0 to 1: closed by their date, of all that are closed or overdue; null: too few'),
    reopened_share: z.number().nullable().describe('0 to 1: opened again, of all that had been closed; null: too few'),
    waiting: z.number().int().describe('Open now, whenever they came'),
    waiting_days: Spread.describe('Days that those wait; null: too few'),
  })
  .meta({ id: 'Figures' }) // prettier-ignore
export type Figures = z.infer<typeof Figures>

export const FiguresRow = Figures.extend({
  key: z.string().nullable().describe('Slug, YYYY-MM of a month, or channel; null: none'),
  title: Localised.nullable().describe('Null: a month, a channel, or none'),
  area_km2: z.number().nullable().describe('Of a district, square kilometres'),
}).meta({ id: 'FiguresRow' })
export type FiguresRow = z.infer<typeof FiguresRow>

export const Statistics = z
  .object({
    from: z.string().describe('First day'),
    to: z.string().describe('Last day'),
    least: z.number().int().describe('Medians and shares of fewer reports than this are not told'),
    total: Figures,
    rows: z.array(FiguresRow).describe('Months in their order, others the most reports first'),
  })
  .meta({ id: 'Statistics' })
export type Statistics = z.infer<typeof Statistics>

const choice = {
  from: Day.optional().describe('First day, Europe/Athens; missing: a year before to'),
  to: Day.optional().describe('Last day, Europe/Athens; missing: today'),
  category: z.string().max(80).optional().describe('Only this category, or those of this group'),
  district: z.string().max(80).optional().describe('Only this district'),
}

export const publicStatistics = endpoint('GET /api/statistics', {
  summary: 'What became of public reports: how many, how fast, how many in time',
  query: z.object({ ...choice, by: PublicDimension.default('category').describe('One row for each') }),
  response: Statistics,
})

export const staffStatistics = endpoint('GET /api/staff/statistics', {
  summary: 'What became of the reports that the caller may see',
  query: z.object({
    ...choice,
    department: z.string().max(80).optional().describe('Only this department'),
    by: Dimension.default('category').describe('One row for each'),
  }),
  response: Statistics,
})
