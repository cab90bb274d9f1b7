// What is told of each row: on the screen, and as a file for a spreadsheet (RFC 4180; the mark at the start tells Excel that it is UTF-8).
import type { FiguresRow } from '../../../backend/insights/contract.ts'

export const columns = {
  received: (row) => row.received,
  open: (row) => row.open,
  overdue: (row) => row.overdue,
  resolved: (row) => row.resolved,
  rejected: (row) => row.rejected,
  resolution_days_median: (row) => row.resolution_days?.median,
  resolution_days_p90: (row) => row.resolution_days?.p90,
  in_time_share: (row) => row.in_time_share,
  answer_h_median: (row) => row.answer_h?.median,
  answer_h_p90: (row) => row.answer_h?.p90,
  answer_in_time_share: (row) => row.answer_in_time_share,
  reopened: (row) => row.reopened,
  reopened_share: (row) => row.reopened_share,
  waiting: (row) => row.waiting,
  waiting_days_median: (row) => row.waiting_days?.median,
  waiting_days_p90: (row) => row.waiting_days?.p90,
} satisfies Record<string, (row: FiguresRow) => number | null | undefined>
export type Column = keyof typeof columns

// A name that begins like a formula stays a name.
const quoted = (text: string) => `"${text.replace(/^[=+\-@\t]/, "'$&").replaceAll('"', '""')}"`

/** `nameOf`: of a row; `headOf`: of a column, by its name or "name" for the first. */
export function csvOf(rows: FiguresRow[], nameOf: (row: FiguresRow) => string, headOf: (column: string) => string) {
  const head = [headOf('name'), ...Object.keys(columns).map(headOf)].map(quoted)
  const lines = rows.map((row) => [quoted(nameOf(row)), ...Object.values(columns).map((of) => of(row) ?? '')])
  return `\uFEFF${[head, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`
}
