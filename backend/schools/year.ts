import { dayInAthens } from '../core/days.ts'

/** The Greek school year of a moment: from 1 September to 31 August, in Athens. */
export function schoolYear(moment: Date): string {
  const [year = 0, month = 0] = dayInAthens(moment).split('-').map(Number)
  const first = month < 9 ? year - 1 : year
  return `${first}-${first + 1}`
}
