import type { Database } from './connect.ts'

const LOCK = [4711, 2]

/**
 * Does what must not be done twice at the same time (structure, first data): other nodes and tools on the server wait.
 * The embedded engine has one process, which its folder's lock sees to.
 */
export async function alone<T>({ db, engine }: Database, work: () => Promise<T>): Promise<T> {
  if (engine === 'embedded') return work()
  return db.transaction(async (trx) => {
    await trx.raw('SET LOCAL statement_timeout = 0')
    await trx.raw('SELECT pg_advisory_xact_lock(?::int, ?::int)', LOCK)
    return work()
  })
}
