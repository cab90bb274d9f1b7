// The table as a file for a spreadsheet (RFC 4180; the mark at the start tells Excel that it is UTF-8).
import type { FiguresRow } from '../../../backend/insights/contract.ts'

const COLUMNS = {
  received: (row) => row.received,
  open: (row) => row.open,
  overdue: (row) => row.overdue,
  resolved: (row) => row.resolved,
  rejected: (row) => row.rejected,
  reopened: (row) => row.reopened,
  answer_h_median: (row) => row.answer_h?.median,
  answer_h_p90: (row) => row.answer_h?.p90,
  answer_in_time_share: (row) => row.answer_in_time_share,
  resolution_days_median: (row) => row.resolution_days?.median,
  resolution_days_p90: (row) => row.resolution_days?.p90,
  in_time_share: (row) => row.in_time_share,
  open_age_days: (row) => row.open_age_days,
} satisfies Record<string, (row: FiguresRow) => number | null | undefined>

// A name that begins like a formula stays a name.
const quoted = (text: string) => `"${text.replace(/^[=+\-@\t]/, "'$&").replaceAll('"', '""')}"`

/** `nameOf`: of a row; `headOf`: of a column, by its name or "name" for the first. */
export function csvOf(rows: FiguresRow[], nameOf: (row: FiguresRow) => string, headOf: (column: string) => string) {
  const head = [headOf('name'), ...Object.keys(COLUMNS).map(headOf)].map(quoted)
  const lines = rows.map((row) => [quoted(nameOf(row)), ...Object.values(COLUMNS).map((of) => of(row) ?? '')])
  return `\uFEFF${[head, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`
}
