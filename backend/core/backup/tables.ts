// What is in every table, short enough to compare: a restored database must hold the same rows.
import { z } from 'zod'
import type { Db } from '../db/connect.ts'
import { sql } from '../db/sql.ts'

export const Tables = z.record(z.string(), z.object({ rows: z.number().int(), checksum: z.string() }))
export type Tables = z.infer<typeof Tables>

interface Table {
  schema: string
  name: string
  columns: string[]
}

/** Number of rows and a checksum over them, in whatever order, of every table; read in the transaction of the caller. */
export async function summarise(trx: Db): Promise<Tables> {
  // Big tables take longer than an answer to a browser may; and times are written in the zone of the session.
  await trx.raw(`SET LOCAL statement_timeout = 0`)
  await trx.raw(`SET LOCAL TimeZone = 'UTC'`)
  const tables: Tables = {}
  for (const table of await sql<Table>(trx, 'core/tables', {}))
    tables[`${table.schema}.${table.name}`] = await summariseTable(trx, table)
  return tables
}

async function summariseTable(trx: Db, { schema, name, columns }: Table): Promise<Tables[string]> {
  // md5 and not hashtext: the same on every version and machine. A sum needs no order and no memory.
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS rows,
            COALESCE(sum(('x' || left(md5(ROW(${columns.map(() => '??').join(', ')})::text), 15))::bit(60)::bigint), 0)::text AS checksum
       FROM ??.??`,
    [...columns, schema, name],
  )
  return rows[0]
}

/** Whether there is nothing in the database yet. */
export async function isEmpty(db: Db): Promise<boolean> {
  const [row] = await sql<{ found: boolean }>(db, 'core/has_relations', {})
  return row?.found === false
}
