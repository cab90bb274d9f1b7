// Opening hours in the syntax of OpenStreetMap, with Greek public holidays; what is not understood stays text.
import OpeningHours, { type opening_hours } from 'opening_hours'
import type { Language, Localised } from '../../core/contract.ts'
import { localised, type TextKey } from '../../core/i18n/text.ts'
import type { Opening, OpeningDay } from './contract.ts'
import { clockText, dayText, momentOf, wallClock } from './wallclock.ts'

/** OpenStreetMap holds no longer value; the parser takes its time with longer nonsense. */
const LONGEST = 255
/** The holidays of Greece; where the sun rises does not matter to it. */
const GREECE = { lat: 38, lon: 23.7, address: { country_code: 'gr', state: '' } }
/** Towns write the same hours again and again. */
const REMEMBERED = 2000
const DAYS = 7
/** A span that goes on past noon of the next day is not a long night, it is more days. */
const NIGHT_ENDS_H = 12

const known = new Map<string, opening_hours | null>()

/** The hours as rules; null: not understood. */
function rulesOf(text: string): opening_hours | null {
  const before = known.get(text)
  if (before !== undefined) return before
  if (known.size >= REMEMBERED) known.clear()
  const rules = text.length > LONGEST ? null : parse(text)
  known.set(text, rules)
  return rules
}

function parse(text: string): opening_hours | null {
  try {
    return new OpeningHours(text, GREECE)
  } catch {
    return null
  }
}

/** Whether a place with these hours is open, and until when. */
export function openingAt(text: string, now: Date): Opening {
  const rules = rulesOf(text)
  if (!rules) return { text, state: null, changes_at: null, comment: null, summary: null }
  const wall = wallClock(now)
  const state = rules.getState(wall) ? 'open' : rules.getUnknown(wall) ? 'unknown' : 'closed'
  const change = rules.getNextChange(wall)
  const comment = rules.getComment(wall) || null
  return {
    text,
    state,
    comment,
    changes_at: change ? momentOf(change).toISOString() : null,
    summary: summaryOf(state, comment, wall, change),
  }
}

const daysBetween = (a: Date, b: Date) =>
  Math.round((Date.UTC(b.getFullYear(), b.getMonth(), b.getDate()) - Date.UTC(a.getFullYear(), a.getMonth(), a.getDate())) / 86_400_000) // prettier-ignore

function summaryOf(
  state: 'open' | 'closed' | 'unknown',
  comment: string | null,
  wall: Date,
  change: Date | undefined,
): Localised {
  // prettier-ignore
  if (state === 'unknown')
    return comment ? localised('opening.ask_comment', () => ({ comment })) : localised('opening.ask')
  if (!change) return localised(state === 'open' ? 'opening.always' : 'opening.closed')
  const days = daysBetween(wall, change)
  // Midnight and the small hours belong to the evening before.
  const isTonight = days === 0 || (state === 'open' && days === 1 && change.getHours() < NIGHT_ENDS_H)
  const time = state === 'open' && clockText(change) === '00:00' ? '24:00' : clockText(change)
  const day = isTonight ? 'today' : days === 1 ? 'tomorrow' : days < DAYS ? 'weekday' : 'later'
  const key: TextKey = `opening.${state === 'open' ? 'open' : 'opens'}_${day}`
  const when = (language: Language) => ({ time, day: whenText(day, change, language) })
  return localised(key, when)
}

/** "τη Δευτέρα" / "Monday", or "στις 7 Ιανουαρίου" / "7 January". */
const whenText = (day: string, wall: Date, language: Language): string =>
  day === 'weekday'
    ? localised(`opening.on_day_${wall.getDay() as 0}`)[language]
    : new Intl.DateTimeFormat(language === 'el' ? 'el-GR' : 'en-GB', { day: 'numeric', month: 'long' }).format(wall)

const dayLater = (wall: Date, days: number) => new Date(wall.getFullYear(), wall.getMonth(), wall.getDate() + days)

/** The hours of seven days from the day of `now` in Greece; empty: not understood. */
export function weekOf(text: string, now: Date): OpeningDay[] {
  const rules = rulesOf(text)
  if (!rules) return []
  const today = dayLater(wallClock(now), 0)
  // From the evening before: what began then belongs to yesterday.
  const spans = rules
    .getOpenIntervals(dayLater(today, -1), dayLater(today, DAYS + 1))
    .flatMap(([from, to, isUnknown, comment]) =>
      piecesOf(from, to).map((piece) => ({ ...piece, isUnknown, comment: comment || null })),
    )
  const holidays = holidaysOf(today)
  return Array.from({ length: DAYS }, (_, n) => {
    const on = dayText(dayLater(today, n))
    const own = spans.filter(({ from }) => dayText(from) === on)
    return {
      on,
      holiday: holidays.get(on) ?? null,
      spans: own.map(({ from, to, isUnknown, comment }) => ({
        from: clockText(from),
        to: clockText(to) === '00:00' ? '24:00' : clockText(to),
        comment,
        is_certain: !isUnknown,
      })),
    }
  })
}

/** Cut at midnight, but a night that ends in the morning stays with its evening. */
function piecesOf(from: Date, to: Date): { from: Date; to: Date }[] {
  const midnight = dayLater(from, 1)
  const hoursAfter = (to.getTime() - midnight.getTime()) / 3_600_000
  const isOneNight = clockText(from) !== '00:00' && hoursAfter < NIGHT_ENDS_H
  return hoursAfter <= 0 || isOneNight ? [{ from, to }] : [{ from, to: midnight }, ...piecesOf(midnight, to)]
}

/** Public holidays of the week by day. */
function holidaysOf(today: Date): Map<string, string> {
  const spans = rulesOf('PH')?.getOpenIntervals(today, dayLater(today, DAYS)) ?? []
  return new Map(spans.map(([from, , , name]): [string, string] => [dayText(from), name ?? '']))
}
