// Which versions stay: all of the last weeks, then the last of each month, after two years the last of each year.

const DAY_MS = 86_400_000
const ALL_DAYS = 60
const MONTHS_DAYS = 730

/** The days whose versions go; the newest of all always stays. Days as YYYY-MM-DD, in any order; today too. */
export function daysToThin(days: readonly string[], today: string): string[] {
  const newestFirst = [...new Set(days)].sort().reverse()
  const seen = new Set<string>()
  return newestFirst.filter((day, index) => {
    const age = (Date.parse(today) - Date.parse(day)) / DAY_MS
    const period = age <= ALL_DAYS ? day : age <= MONTHS_DAYS ? day.slice(0, 7) : day.slice(0, 4)
    const isFirst = !seen.has(period)
    seen.add(period)
    return !isFirst && index > 0
  })
}
