// What is looked at, as the address says it, and the days that it means.
import type { LocationQuery } from 'vue-router'
import { CELL_SIZES_M, REPORTS } from '../../../../backend/insights/analytics/contract.ts'
import { daysOf, type Period, periods } from '../periods.ts'

const DAY_MS = 86_400_000
/** A stretch of days falls into so many pieces. */
export const PIECES = 12

export const pictures = ['hexagon', 'square', 'heat'] as const
export const comparisons = ['none', 'before', 'year'] as const
export const allPeriods = ['all', ...periods] as const

export interface Choice {
  source: string
  picture: (typeof pictures)[number]
  size_m: number
  period: Period | 'all'
  category: string
  compare: (typeof comparisons)[number]
  /** 0: all the days; else the piece of them, from 1. */
  piece: number
}

export interface Days {
  from: string
  to: string
}

const one = <T>(known: readonly T[], asked: unknown, otherwise: T): T =>
  known.find((each) => String(each) === asked) ?? otherwise

/** The choice that an address names; what it does not name, or names wrongly, is as at the start. */
export function choiceIn(query: LocationQuery): Choice {
  const source = typeof query['source'] === 'string' && query['source'] ? query['source'] : REPORTS
  return {
    source,
    picture: one(pictures, query['picture'], 'hexagon'),
    size_m: one<number>(CELL_SIZES_M, query['size'], 300),
    period: one(allPeriods, query['period'], source === REPORTS ? 'year' : 'all'),
    category: typeof query['category'] === 'string' ? query['category'] : '',
    compare: one(comparisons, query['compare'], 'none'),
    piece: one(Array.from({ length: PIECES + 1 }, (_, n) => n), query['piece'], 0),
  } // prettier-ignore
}

/** The same as an address says it. */
export const queryOf = ({ source, picture, size_m, period, category, compare, piece }: Choice) => ({
  source: source === REPORTS ? undefined : source,
  picture,
  size: String(size_m),
  period,
  category: category || undefined,
  compare: compare === 'none' ? undefined : compare,
  piece: piece === 0 ? undefined : String(piece),
})

const shifted = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
const length = ({ from, to }: Days) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
const yearBefore = (day: string) => {
  const date = new Date(day)
  date.setUTCFullYear(date.getUTCFullYear() - 1)
  return date.toISOString().slice(0, 10)
}

/** All the days that are looked at; null: every day there is. */
export const spanOf = ({ period }: Pick<Choice, 'period'>, now?: Date): Days | null =>
  period === 'all' ? null : daysOf(period, now)

/** The n-th piece of a stretch of days, from 1; the last ones may be short of days, and then are its last day. */
export function pieceOf(span: Days, piece: number): Days {
  if (piece === 0) return span
  const days = length(span)
  const at = (n: number) => Math.floor((days * n) / PIECES)
  return {
    from: shifted(span.from, at(piece - 1)),
    to: shifted(span.from, Math.max(at(piece) - 1, at(piece - 1))),
  }
}

/** The days to compare these with. */
export function daysBefore(days: Days, compare: Choice['compare']): Days | null {
  if (compare === 'none') return null
  if (compare === 'year') return { from: yearBefore(days.from), to: yearBefore(days.to) }
  const back = -length(days)
  return { from: shifted(days.from, back), to: shifted(days.to, back) }
}

/** Days since 1970-01-01. */
export const dayNumber = (day: string): number => Math.round(Date.parse(day) / DAY_MS)
