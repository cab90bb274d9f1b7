// The street register of a school year: the CSV that a directorate of education publishes, and where it contradicts the zones.
import { audit } from '../core/audit.ts'
import type { Language } from '../core/contract.ts'
import { dayInAthens } from '../core/days.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { ProblemError } from '../core/http/problem.ts'
import { text, type TextKey } from '../core/i18n/text.ts'
import { nameOf, readTable, TableError } from '../core/table.ts'
import type { Conflict } from './contract.ts'
import { schoolYear } from './year.ts'

type Parity = 'odd' | 'even' | 'both'

type Writer = Pick<Context, 'db' | 'actor' | 'requestId'>

/** One line of the file as it says it; n: number of the line in the file. */
interface Line {
  n: number
  school: string
  street: string
  parity: Parity | undefined
  from_number: number | null
  to_number: number | null
  decision: string | null
}

interface Refusal {
  n: number
  key: TextKey
  values?: Record<string, unknown>
}

/** Headings as directorates write them, without accents and case. */
const COLUMNS: Record<string, readonly string[]> = {
  school: ['school', 'σχολειο'],
  street: ['street', 'οδος', 'δρομος'],
  numbers: ['numbers', 'parity', 'αριθμοι', 'πλευρα'],
  from: ['from', 'απο'],
  to: ['to', 'εως', 'μεχρι'],
  decision: ['decision', 'αποφαση'],
}
const PARITY: Record<Parity, readonly string[]> = {
  odd: ['odd', 'μονοι', 'μονα', 'μονη'],
  even: ['even', 'ζυγοι', 'ζυγα', 'ζυγη'],
  both: ['', 'both', 'all', 'ολοι', 'ολα', 'ολη'],
}
const MOST_REFUSALS = 20

/**
 * Replaces the register of a school year, all of it or nothing; schools and streets may be named by key or by title.
 * Throws register-refused with a sentence for every line that cannot be used.
 */
export async function replaceRegister(ctx: Writer, { school_year, csv }: { school_year: string; csv: string }) {
  const lines = readLines(csv)
  const { rules, refused } = await resolve(ctx, lines)
  const wrong = [...lines.flatMap(faultOf), ...refused].sort((a, b) => a.n - b.n)
  if (wrong.length > 0) throw refuse(wrong)
  await ctx.db.transaction(async (trx) => {
    await trx('school_rule').where({ school_year }).delete()
    await trx.batchInsert('school_rule', rules.map((rule) => ({ school_year, ...rule })), 500) // prettier-ignore
    await audit(ctx, { action: 'schools.register', subjectId: school_year, detail: { rules: rules.length } }, trx)
  })
  return { rules: rules.length }
}

function readLines(csv: string): Line[] {
  return linesOf(csv).map(({ n, row }) => ({
    n,
    school: row['school'] ?? '',
    street: row['street'] ?? '',
    parity: nameOf(PARITY, row['numbers'] ?? '') as Parity | undefined,
    from_number: numberOf(row['from']),
    to_number: numberOf(row['to']),
    decision: row['decision'] || null,
  }))
}

function linesOf(csv: string) {
  try {
    return readTable(csv, COLUMNS, ['school', 'street'])
  } catch (error) {
    if (!(error instanceof TableError)) throw error
    const { line, missing } = error
    throw refuse([missing ? { n: line, key: 'register.no_column', values: { name: missing } } : { n: line, key: 'register.unreadable' }]) // prettier-ignore
  }
}

/** NaN: something else stands there. */
const numberOf = (word = ''): number | null => (word === '' ? null : /^\d{1,6}$/.test(word) ? Number(word) : Number.NaN)

function faultOf({ n, parity, from_number, to_number }: Line): Refusal[] {
  if (!parity) return [{ n, key: 'register.parity' }]
  if (Number.isNaN(from_number) || Number.isNaN(to_number)) return [{ n, key: 'register.number' }]
  return from_number !== null && to_number !== null && from_number > to_number ? [{ n, key: 'register.order' }] : []
}

async function resolve(ctx: Writer, lines: Line[]) {
  const rows = JSON.stringify(lines.map(({ n, school, street }) => ({ n, school, street })))
  const found = await sql<{ n: number; schools: string[]; streets: string[] }>(ctx.db, 'schools/resolve', { rows })
  const keys = new Map(found.map((one) => [one.n, one]))
  const refused: Refusal[] = []
  const rules = lines.map(({ n, school, street, ...rule }) => {
    const { schools = [], streets = [] } = keys.get(n) ?? {}
    const refuseName = (kind: 'school' | 'street', name: string, count: number) =>
      count !== 1 &&
      refused.push({ n, key: `register.${kind}_${count === 0 ? 'unknown' : 'several'}`, values: { name } })
    refuseName('school', school, schools.length)
    refuseName('street', street, streets.length)
    return { ...rule, school: schools[0], street: streets[0] }
  })
  return { rules, refused }
}

const refuse = (wrong: Refusal[]) =>
  new ProblemError(
    'register-refused',
    () => ({ count: wrong.length }),
    {},
    wrong.slice(0, MOST_REFUSALS).map(({ n, key, values }) => ({
      path: `csv.${n}`,
      message: (language: Language) => text(language, 'register.line', { n, what: text(language, key, values) }),
    })),
  )

const MOST_CONFLICTS = 500

/** Houses to which register and zones of a year give different schools, by street. */
export async function listConflicts(ctx: Context, asked: string | undefined) {
  const school_year = asked ?? schoolYear(dayInAthens())
  const rows = await sql<Omit<Conflict, 'point'> & { points: [number, number][] }>(ctx.db, 'schools/conflicts', {
    school_year,
    most: MOST_CONFLICTS,
  })
  const counted = await ctx.db('school_rule').where({ school_year }).count('* as rules').first()
  return {
    school_year,
    rules: Number(counted?.['rules']),
    conflicts: rows.map(({ points, ...row }) => ({ ...row, point: points[0]! })),
  }
}
