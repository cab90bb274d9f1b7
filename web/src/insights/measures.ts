// What a table ranks and a map colours.
import type { FiguresRow } from '../../../backend/insights/contract.ts'

export const measures = ['received', 'per_km2', 'resolution_days', 'in_time_share', 'answer_h', 'answer_in_time_share', 'reopened_share', 'waiting', 'waiting_days'] as const // prettier-ignore
export type Measure = (typeof measures)[number]

/** The value of a row; null where there are too few to say. */
export function valueOf(row: FiguresRow, measure: Measure): number | null {
  switch (measure) {
    case 'per_km2':
      return row.area_km2 ? row.received / row.area_km2 : null
    case 'resolution_days':
    case 'answer_h':
    case 'waiting_days':
      return row[measure]?.median ?? null
    default:
      return row[measure]
  }
}

export const isShare = (measure: string): boolean => measure.endsWith('_share')
