// The clock on a wall in Greece, for a library that reads the clock of the machine.
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Athens',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

/** A date whose fields on this machine (getHours() …) are those of the moment in Athens. */
export function wallClock(moment: Date): Date {
  const read = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  return new Date(read['year']!, read['month']! - 1, read['day'], read['hour'], read['minute'], read['second'])
}

/** The moment of a date whose fields on this machine are those of a clock in Athens; of a doubled hour in autumn the first. */
export function momentOf(wall: Date): Date {
  const asUtc = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()) // prettier-ignore
  const wanted = asUtc(wall)
  const offsetAt = (ms: number) => asUtc(wallClock(new Date(ms))) - Math.floor(ms / 1000) * 1000
  // Three hours in summer, two in winter; a time that does not exist in spring becomes the hour after it.
  const summer = wanted - 3 * 3_600_000
  return new Date(offsetAt(summer) === 3 * 3_600_000 ? summer : wanted - 2 * 3_600_000)
}

/** "08:00" of a date whose fields on this machine count. */
export const clockText = (wall: Date): string =>
  `${String(wall.getHours()).padStart(2, '0')}:${String(wall.getMinutes()).padStart(2, '0')}`

/** "2026-11-28" of a date whose fields on this machine count. */
export const dayText = (wall: Date): string =>
  [wall.getFullYear(), String(wall.getMonth() + 1).padStart(2, '0'), String(wall.getDate()).padStart(2, '0')].join('-')
