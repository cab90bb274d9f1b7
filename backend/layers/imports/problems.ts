// What cannot be loaded as a table for who corrects it: the columns as they were in the file, and what is wrong.
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { csvCell } from '../../core/table.ts'
import { problemText } from '../refusal.ts'

const PAGE_ROWS = 1000

interface Row {
  n: number
  properties: Record<string, unknown> | null
  problem: string
}

/** A CSV (RFC 4180, UTF-8 with a mark for spreadsheets), page by page. Throws not-found and import-not-ready. */
export async function problemTable({ db, language }: Context, id: string) {
  const row = await db('layer_import').where({ id }).first('file_name', 'staging', 'columns')
  if (!row) throw problem('not-found')
  if (!row.staging) throw problem('import-not-ready')
  const columns: string[] = row.columns?.names ?? (await propertiesIn(db, row.staging))
  async function* pieces() {
    yield `\ufeff${lineOf([...columns, text(language, 'import.problem_column')])}`
    for (let after = -1; ;) {
      const rows = await readRows(db, row.staging, after)
      yield rows.map((one) => lineOf([...columns.map((name) => one.properties?.[name]), problemText(one.problem)[language]])).join('') // prettier-ignore
      if (rows.length < PAGE_ROWS) return
      after = rows.at(-1)!.n
    }
  }
  return { fileName: `${row.file_name.replace(/\.\w+$/, '')}-problems.csv`, pieces: pieces() }
}

const lineOf = (values: readonly unknown[]) => `${values.map(csvCell).join(',')}\r\n`

const readRows = (db: Db, table: string, after: number): Promise<Row[]> =>
  db(table).whereNotNull('problem').andWhere('n', '>', after).orderBy('n').limit(PAGE_ROWS).select('n', 'properties', 'problem') // prettier-ignore

async function propertiesIn(db: Db, table: string): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT k.name FROM ??, LATERAL jsonb_object_keys(properties) AS k (name) WHERE problem IS NOT NULL ORDER BY k.name`,
    [table],
  )
  return rows.map(({ name }: { name: string }) => name)
}
