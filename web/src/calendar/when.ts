// When something is, in words.
import type { Happening } from '../../../backend/calendar/contract.ts'
import { clock, today, weekday } from '../core/format.ts'
import { i18n } from '../core/i18n/index.ts'

/** Day of a moment in Athens, YYYY-MM-DD. */
export const dayOf = (at: string): string => today(new Date(at))

/** What lasts all day ends at the midnight after. */
const lastMoment = ({ ends_at, is_all_day }: Happening): string | null =>
  ends_at && is_all_day ? new Date(Date.parse(ends_at) - 1).toISOString() : ends_at

/** The hours of an event that is told under its first day: "20:30–23:00", "All day", "All day, until Monday 4 January". */
export function hoursOf(happening: Happening): string {
  const { t } = i18n.global
  const { starts_at, is_all_day } = happening
  const last = lastMoment(happening)
  const begins = is_all_day ? t('calendar.all_day') : clock(starts_at)
  if (!last) return begins
  // A night ends with it, not with the date.
  const isOneNight = Date.parse(last) - Date.parse(starts_at) < 12 * 3_600_000
  if (!is_all_day && (isOneNight || dayOf(last) === dayOf(starts_at))) return `${begins}–${clock(last)}`
  return dayOf(last) === dayOf(starts_at) ? begins : `${begins}, ${t('calendar.until', { day: weekday(last) })}`
}
