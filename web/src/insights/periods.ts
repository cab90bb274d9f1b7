// Stretches of days to look at; all in the calendar of the municipality.
import { today } from '../core/format.ts'

const DAY_MS = 86_400_000

export const periods = ['days_30', 'year', 'this_year', 'last_year', 'three_years'] as const
export type Period = (typeof periods)[number]

const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** First and last day, YYYY-MM-DD. */
export function daysOf(period: Period, now = new Date()): { from: string; to: string } {
  const to = today(now)
  const year = Number(to.slice(0, 4))
  const back = (days: number) => ({ from: text(Date.parse(to) - (days - 1) * DAY_MS), to })
  switch (period) {
    case 'days_30':
      return back(30)
    case 'year':
      return back(365)
    case 'three_years':
      return back(3 * 365)
    case 'this_year':
      return { from: `${year}-01-01`, to }
    case 'last_year':
      return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }
  }
}
