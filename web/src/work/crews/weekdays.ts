import { language } from '../../core/i18n/index.ts'

/** ISO 8601: 1 is Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

// The first of January 2024 was a Monday.
const nameOf = (day: number, style: 'short' | 'long') =>
  new Intl.DateTimeFormat(language.value, { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day)))

export const dayName = (day: number): string => nameOf(day, 'long')

/** "Δευ–Παρ, Κυρ": days that follow each other are one stretch. */
export function dayNames(days: readonly number[]): string {
  const stretches: [first: number, last: number][] = []
  for (const day of [...days].sort()) {
    const last = stretches.at(-1)
    if (last && last[1] === day - 1) last[1] = day
    else stretches.push([day, day])
  }
  const short = (day: number) => nameOf(day, 'short')
  return stretches.map(([first, last]) => (first === last ? short(first) : `${short(first)}–${short(last)}`)).join(', ')
}
