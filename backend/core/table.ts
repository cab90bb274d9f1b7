// A table that an office wrote: CSV with headings in Greek or English, in the letters and with the separators that spreadsheets take.
import { parse } from 'csv-parse/sync'

/** A line of the file; n: its number there. */
export interface TableLine {
  n: number
  row: Record<string, string>
}

/** What makes the file no table: a line that cannot be read, or a column that is missing. */
export class TableError extends Error {
  readonly line: number
  readonly missing: string | null
  constructor(line: number, missing: string | null) {
    super(missing ? `no column ${missing}` : `line ${line} cannot be read`)
    this.line = line
    this.missing = missing
  }
}

type Words = Record<string, readonly string[]>

/** Without accents, case and spaces around. */
const folded = (word: string) =>
  word
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .trim()

/** The name that a word stands for; undefined: none. */
export const nameOf = (words: Words, word: string): string | undefined =>
  Object.keys(words).find((name) => words[name]?.map(folded).includes(folded(word)))

/** The lines of a CSV under the names of its columns. Throws TableError. */
export function readTable(csv: string, columns: Words, needed: readonly string[]): TableLine[] {
  const lines = parseTable(csv, columns)
  const missing = needed.find((name) => !lines[0] || !(name in lines[0].row))
  if (missing) throw new TableError(1, missing)
  return lines
}

function parseTable(csv: string, columns: Words): TableLine[] {
  const [head = ''] = csv.split(/\r?\n/, 1)
  try {
    const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(csv, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      delimiter: [';', ',', '\t'].find((one) => head.includes(one)) ?? ';',
      columns: (names: string[]) => names.map((name) => nameOf(columns, name) ?? name),
    }) as never
    return rows.map(({ record, info }) => ({ n: info.lines, row: record }))
  } catch (error) {
    throw new TableError(Number((error as { lines?: number }).lines ?? 1), null)
  }
}

/** What a spreadsheet would run as a formula; numbers and telephones with their sign are none. */
const FORMULA = /^([=@\t\r]|[+-](?![\d\s().-]*$))/

/** A value in quotes where it needs them (RFC 4180). */
export const csvQuoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A value as a cell of a CSV that spreadsheets do not run; what is nested as JSON, nothing as an empty cell. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return csvQuoted(JSON.stringify(value))
  const text = String(value)
  return csvQuoted(typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text)
}
