// What staged features hold, for the people who decide what becomes of them.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { columnsOf } from '../fields.ts'
import { findProblems } from '../staging.ts'
import type { LayerImport } from './contract.ts'

type Found = NonNullable<LayerImport['found']>

/** Fields with examples, extent, repairs and problems of a staging table. */
export async function describeStaged(db: Db, table: string): Promise<Found> {
  const columns = await columnsOf(db, table, [])
  const examples = await sql<{ property: string; examples: string[] }>(db, 'layers/staged_examples', { table })
  const byProperty = new Map(examples.map((each) => [each.property, each.examples]))
  const [summary] = await sql<Pick<Found, 'bbox' | 'repaired'>>(db, 'layers/staged_summary', { table })
  const { problems, total } = await findProblems(db, table, null)
  return {
    fields: columns.map(({ field: { name, type }, property }) => ({ name, type, property, examples: byProperty.get(property) ?? [] })),
    bbox: summary?.bbox ?? null,
    repaired: summary?.repaired ?? 0,
    problem_count: total,
    problems,
  } // prettier-ignore
}
