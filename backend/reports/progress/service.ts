// For who plans and does the work: the reporter sees it in the state of the report.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { knownStates } from '../kinds.ts'

const known = JSON.stringify(knownStates())

interface Changed {
  /** Ids of work orders. */
  orders?: readonly string[]
  /** Ids of reports that an order no longer answers. */
  reports?: readonly string[]
  /** Account that changed them. */
  actorId: string
}

/** Lets reports follow work orders that have changed. In the transaction of the caller. */
export async function followWork(trx: Db, { orders = [], reports = [], actorId }: Changed): Promise<void> {
  await sql(trx, 'reports/follow_work', { order_ids: orders, report_ids: reports, actor_id: actorId, known })
}
