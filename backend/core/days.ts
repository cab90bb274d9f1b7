// Days of the municipality: a day begins at midnight in Athens, wherever the machine stands.
import { badParameter } from './http/problem.ts'

const DAY_MS = 86_400_000
const LONGEST_DAYS = 3660
const inAthens = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens' })

/** The day of a moment in Athens, YYYY-MM-DD. */
export const dayInAthens = (moment: Date = new Date()): string => inAthens.format(moment)

/** The day so many days after another, YYYY-MM-DD. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

const wallClock = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens', dateStyle: 'short', timeStyle: 'medium' })
const aheadOfUtc_ms = (at: number) =>
  Date.parse(`${wallClock.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000

/** The moment so many days later at the same time of the clock in Athens. */
export function sameTimeAfter(moment: Date, days: number): Date {
  const wall = moment.getTime() + aheadOfUtc_ms(moment.getTime()) + days * DAY_MS
  // The offset is asked for twice: near a change of the clocks the first guess may fall on its other side.
  return new Date(wall - aheadOfUtc_ms(wall - aheadOfUtc_ms(wall)))
}

/** The moment when clocks in Athens show so many seconds after midnight of a day, YYYY-MM-DD. */
export function momentInAthens(day: string, clock_s: number): Date {
  const wall = Date.parse(`${day}T00:00:00Z`) + clock_s * 1000
  return new Date(wall - aheadOfUtc_ms(wall - aheadOfUtc_ms(wall)))
}

/** What clocks in Athens show at a moment, seconds after midnight. */
export const clockInAthens = (moment: Date): number =>
  ((moment.getTime() + aheadOfUtc_ms(moment.getTime())) % DAY_MS) / 1000

/** First and last day, YYYY-MM-DD, both counted; missing: today, and a year back. Throws bad-parameter beyond ten years and backwards. */
export function spanOf(asked: { from?: string; to?: string }): { from: string; to: string } {
  const to = asked.to ?? dayInAthens()
  const from = asked.from ?? dayAfter(to, -364)
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS
  if (!(days >= 0 && days <= LONGEST_DAYS)) throw badParameter('from', 'usage.span')
  return { from, to }
}
