// What is looked at, as the address says it, and the days that it means.
import type { LocationQuery } from 'vue-router'
import { CELL_SIZES_M, REPORTS } from '../../../../backend/insights/analytics/contract.ts'
import { daysOf, type Period, periods } from '../periods.ts'
import { type Days, PIECES } from './stretches.ts'

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

const one = <T>(known: readonly T[], asked: unknown, otherwise: T): T =>
  known.find((each) => String(each) === asked) ?? otherwise

/** The choice that an address names; what it does not name, or names wrongly, is as at the start. */
export function choiceIn(query: LocationQuery): Choice {
  const source = typeof query['source'] === 'string' && query['source'] ? query['source'] : REPORTS
  return {
    source,
    picture: one(pictures, query['picture'], 'hexagon'),
    size_m: one<number>(CELL_SIZES_M, query['size'], 300),
    period: source === REPORTS ? one(periods, query['period'], 'year') : one(allPeriods, query['period'], 'all'),
    category: typeof query['category'] === 'string' ? query['category'] : '',
    compare: one(comparisons, query['compare'], 'none'),
    piece: one(
      Array.from({ length: PIECES + 1 }, (_, n) => n),
      query['piece'],
      0,
    ),
  }
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

/** All the days that are looked at; null: every day there is. */
export const spanOf = ({ period }: Choice): Days | null => (period === 'all' ? null : daysOf(period))
