// Stretches of days, YYYY-MM-DD, first and last both counted: their pieces, and what to compare them with.
const DAY_MS = 86_400_000
/** A stretch of days falls into so many pieces. */
export const PIECES = 12

export interface Days {
  from: string
  to: string
}

const shifted = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
const lengthOf = ({ from, to }: Days) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1

/** The same day a year before; of 29 February the 28th. */
function yearBefore(day: string): string {
  const [year, rest] = [Number(day.slice(0, 4)) - 1, day.slice(4)]
  return `${year}${rest === '-02-29' ? '-02-28' : rest}`
}

/** The n-th piece, from 1; 0: all the days. Of fewer days than pieces one day is in more than one. */
export function pieceOf(span: Days, piece: number): Days {
  if (piece === 0) return span
  const at = (n: number) => Math.floor((lengthOf(span) * n) / PIECES)
  return {
    from: shifted(span.from, at(piece - 1)),
    to: shifted(span.from, Math.max(at(piece) - 1, at(piece - 1))),
  }
}

/** As many days just before these, or the same days a year before. */
export function daysBefore(days: Days, which: 'before' | 'year'): Days {
  if (which === 'year') return { from: yearBefore(days.from), to: yearBefore(days.to) }
  const back = -lengthOf(days)
  return { from: shifted(days.from, back), to: shifted(days.to, back) }
}

/** Days since 1970-01-01. */
export const dayNumber = (day: string): number => Math.round(Date.parse(day) / DAY_MS)
