// For who has done the work: reports are closed as staff close them one by one.
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { changeStatusIn } from '../handling.ts'

export interface Closed {
  id: string
  /** For its reporter, and all who may see the report. */
  note: string
  /** Ids of uploads that they see, too. */
  photos: string[]
}

/**
 * Resolves reports, telling each reporter, and those who said "me too", its own words. In the transaction of the caller.
 * Throws status-not-allowed, merged-report, unknown-photo, and not-found where one is not the caller's to change.
 */
export async function resolveReports(ctx: Context, trx: Db, reports: readonly Closed[]): Promise<void> {
  // In one order, so that two who close the same do not wait for each other.
  for (const { id, note, photos } of [...reports].sort((a, b) => a.id.localeCompare(b.id)))
    await changeStatusIn(ctx, trx, id, { status: 'resolved', note, is_public: true, photos })
}
