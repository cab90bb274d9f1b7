// What a table ranks and a map colours.
import type { FiguresRow } from '../../../backend/insights/contract.ts'

export const measures = ['received', 'per_km2', 'resolution_days', 'in_time_share', 'answer_h', 'open'] as const
export type Measure = (typeof measures)[number]

/** The value of a row; null where there are too few to say. */
export function valueOf(row: FiguresRow, measure: Measure): number | null {
  switch (measure) {
    case 'per_km2':
      return row.area_km2 ? row.received / row.area_km2 : null
    case 'resolution_days':
      return row.resolution_days?.median ?? null
    case 'answer_h':
      return row.answer_h?.median ?? null
    default:
      return row[measure]
  }
}
