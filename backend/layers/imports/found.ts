// What staged features hold, for the people who decide what becomes of them.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { columnsOf } from '../fields.ts'
import { findProblems } from '../staging.ts'
import type { LayerImport } from './contract.ts'

type Found = NonNullable<LayerImport['found']>

type Summary = Pick<Found, 'bbox' | 'repaired'> & NonNullable<Found['addresses']>

/** Fields with examples, extent, repairs and problems of a staging table. hasAddresses: its places were found by address. */
export async function describeStaged(db: Db, table: string, hasAddresses: boolean): Promise<Found> {
  const columns = await columnsOf(db, table, [])
  const examples = await sql<{ property: string; examples: string[] }>(db, 'layers/staged_examples', { table })
  const byProperty = new Map(examples.map((each) => [each.property, each.examples]))
  const [summary] = await sql<Summary>(db, 'layers/staged_summary', { table })
  const { bbox = null, repaired = 0, exact = 0, approximate = 0, missing = 0 } = summary ?? {}
  const { problems, total } = await findProblems(db, table, null)
  return {
    fields: columns.map(({ field: { name, type }, property }) => ({ name, type, property, examples: byProperty.get(property) ?? [] })),
    bbox,
    repaired,
    addresses: hasAddresses ? { exact, approximate, missing } : null,
    problem_count: total,
    problems,
  } // prettier-ignore
}
