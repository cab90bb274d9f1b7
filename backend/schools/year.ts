/** The Greek school year of a day (YYYY-MM-DD): from 1 September to 31 August. */
export function schoolYear(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  const first = month < 9 ? year - 1 : year
  return `${first}-${first + 1}`
}

/** A day on which all schools of the year are at work. */
export const dayOfYear = (school_year: string): string => `${school_year.slice(0, 4)}-09-15`
