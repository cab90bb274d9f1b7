// Days of the municipality: a day begins at midnight in Athens, wherever the machine stands.
import { badParameter } from './http/problem.ts'

const DAY_MS = 86_400_000
const LONGEST_DAYS = 3660
const inAthens = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens' })

/** The day of a moment in Athens, YYYY-MM-DD. */
export const dayInAthens = (moment: Date = new Date()): string => inAthens.format(moment)

/** First and last day, YYYY-MM-DD, both counted; missing: today, and a year back. Throws bad-parameter beyond ten years and backwards. */
export function spanOf(asked: { from?: string; to?: string }): { from: string; to: string } {
  const to = asked.to ?? dayInAthens()
  const from = asked.from ?? new Date(Date.parse(to) - 364 * DAY_MS).toISOString().slice(0, 10)
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS
  if (!(days >= 0 && days <= LONGEST_DAYS)) throw badParameter('from', 'usage.span')
  return { from, to }
}
