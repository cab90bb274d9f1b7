// Stretches of days that people plan for; days of the municipality, YYYY-MM-DD.
export const stretches = ['today', 'weekend', 'week', 'month'] as const
export type Stretch = (typeof stretches)[number]

const DAY_MS = 86_400_000
const later = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** First and last day of a stretch that begins today; on a Sunday the weekend is what is left of it. */
export function daysOf(stretch: Stretch, today: string): { from: string; to: string } {
  const toSunday = (7 - new Date(today).getUTCDay()) % 7
  switch (stretch) {
    case 'today':
      return { from: today, to: today }
    case 'weekend':
      return { from: later(today, Math.max(0, toSunday - 1)), to: later(today, toSunday) }
    case 'week':
      return { from: today, to: later(today, 6) }
    case 'month':
      return { from: today, to: later(today, 30) }
  }
}
