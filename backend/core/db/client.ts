import type pg from 'pg'
import type { Db } from './connect.ts'

/** One statement as a library wrote it ($1, $2 …), in the transaction of `db` if it is one; several only without values. */
export async function execute(db: Db, text: string, values?: unknown[]): Promise<pg.QueryResult> {
  const connection: pg.Client = await db.client.acquireConnection()
  try {
    return await connection.query(text, values)
  } finally {
    await db.client.releaseConnection(connection)
  }
}
