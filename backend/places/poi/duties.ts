// Who is on duty: the list that an association of pharmacists hands over, date by date.
import { audit } from '../../core/audit.ts'
import type { Language } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem, ProblemError } from '../../core/http/problem.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import { readTable, TableError, type TableLine } from '../../core/table.ts'

type Writer = Pick<Context, 'db' | 'actor' | 'requestId'>

interface Duty {
  n: number
  place: string
  /** YYYY-MM-DD; null: no such day. */
  on: string | null
  from: string | null
  to: string | null
}

interface Refusal {
  n: number
  key: TextKey
  values?: Record<string, unknown>
}

/** Headings as associations write them, without accents and case. */
const COLUMNS: Record<string, readonly string[]> = {
  date: ['date', 'day', 'ημερομηνια', 'ημερα'],
  place: ['place', 'pharmacy', 'key', 'φαρμακειο', 'ονομα', 'κωδικος'],
  from: ['from', 'απο', 'εναρξη'],
  to: ['to', 'until', 'εως', 'μεχρι', 'ληξη'],
}
/** A day of duty, where no times are given, ends the next morning. */
const DAY_BEGINS = '08:00'
const MOST_REFUSALS = 20

/**
 * Puts the list in the place of what was known for its days, all of it or nothing; places may be named by key or by title.
 * Throws duties-refused with a sentence for every line that cannot be used, not-found when the layer has no places.
 */
export async function replaceDuties(ctx: Writer, layer: string, csv: string) {
  if (!(await ctx.db('layer').where({ slug: layer, role: 'poi' }).first('slug'))) throw problem('not-found')
  const duties = linesOf(csv).map(readDuty)
  const keys = await sql<{ keys: string[] }>(ctx.db, 'places/poi_resolve', {
    layer,
    names: duties.map(({ place }) => place),
  })
  const wrong = duties.flatMap((duty, index) => faultsOf(duty, keys[index]?.keys.length ?? 0))
  if (wrong.length > 0) throw refuse(wrong)
  const days = duties.map(({ on }) => on!).sort()
  const [first, last] = [days[0]!, days.at(-1)!]
  const rows = duties.map(({ on, from, to }, index) => ({ key: keys[index]!.keys[0], on, from, to }))
  return ctx.db.transaction(async (trx) => {
    const [counted] = await sql<{ duties: number }>(trx, 'places/poi_duties', { layer, first, last, duties: JSON.stringify(rows) }) // prettier-ignore
    await audit(ctx, { action: 'places.duties', subjectId: layer, detail: { first, last, ...counted } }, trx)
    return { duties: counted!.duties, from: first, to: last }
  })
}

function linesOf(csv: string): TableLine[] {
  try {
    return readTable(csv, COLUMNS, ['date', 'place'])
  } catch (error) {
    if (!(error instanceof TableError)) throw error
    const { line, missing } = error
    throw refuse([missing ? { n: line, key: 'register.no_column', values: { name: missing } } : { n: line, key: 'register.unreadable' }]) // prettier-ignore
  }
}

const readDuty = ({ n, row }: TableLine): Duty => ({
  n,
  place: row['place'] ?? '',
  on: dayOf(row['date'] ?? ''),
  from: clockOf(row['from'] || DAY_BEGINS),
  to: clockOf(row['to'] || DAY_BEGINS),
})

/** "2026-12-01", "1/12/2026" or "01.12.2026". */
function dayOf(word: string): string | null {
  const [, day, month, year] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(word) ?? []
  const iso = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : word
  const read = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : new Date(Number.NaN)
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== iso ? null : iso
}

/** "8:00", "08.00" or "24:00" as HH:MM; null: no time. */
function clockOf(word: string): string | null {
  const [, hours, minutes] = /^(\d{1,2})[:.](\d{2})(?::00)?$/.exec(word) ?? []
  if (!hours || Number(minutes) > 59 || Number(hours) + Number(minutes) / 60 > 24) return null
  return Number(hours) === 24 ? '00:00' : `${hours.padStart(2, '0')}:${minutes}`
}

function faultsOf({ n, on, from, to, place }: Duty, found: number): Refusal[] {
  if (!on) return [{ n, key: 'duties.date' }]
  if (!from || !to) return [{ n, key: 'duties.time' }]
  return found === 1 ? [] : [{ n, key: found === 0 ? 'duties.unknown' : 'duties.several', values: { name: place } }]
}

const refuse = (wrong: Refusal[]) =>
  new ProblemError(
    'duties-refused',
    () => ({ count: wrong.length }),
    {},
    wrong.slice(0, MOST_REFUSALS).map(({ n, key, values }) => ({
      path: `csv.${n}`,
      message: (language: Language) => text(language, 'register.line', { n, what: text(language, key, values) }),
    })),
  )
