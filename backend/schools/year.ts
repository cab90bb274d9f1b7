/** The Greek school year of a day: from 1 September to 31 August. */
export function schoolYear(day: Date): string {
  const year = day.getFullYear() - (day.getMonth() < 8 ? 1 : 0)
  return `${year}-${year + 1}`
}
