// "It is not fixed": who follows a report opens it again.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { FollowedReport } from './contract.ts'
import { followReport } from '../service.ts'
import { addWords, attachPhotos, followerOf } from '../words.ts'

interface Reopening {
  words: string
  photos: string[]
}

/** Opens a closed report again, and those treated together with it. Throws not-closed, reopen-too-late, unknown-photo, not-found. */
export async function reopenReport(ctx: Context, token: string, { words, photos }: Reopening): Promise<FollowedReport> {
  await ctx.db.transaction(async (trx) => {
    const follower = await followerOf(trx, token)
    const mainId = await lockClosed(trx, follower.reportId)
    await sql(trx, 'reports/reopen', { main_id: mainId })
    await addWords(trx, follower, 'note', words)
    await attachPhotos(trx, follower, photos)
  })
  return followReport(ctx, token)
}

/** Locks the report and its main one. Returns the id of the main one. */
export async function lockClosed(trx: Db, id: string): Promise<string> {
  const rows = await trx('report as r')
    .join('category as c', 'c.id', 'r.category_id')
    .where('r.id', id)
    .orWhere('r.id', trx('report').select('main_id').where({ id }))
    .orderBy('r.id')
    .forUpdate('r')
    .select('r.id', 'r.main_id', 'r.closed_at')
    .select(trx.raw('r.closed_at + make_interval(days => c.reopen_days) > now() AS is_in_time'))
  const report = rows.find((row) => row.id === id)
  if (!report?.closed_at) throw problem('not-closed')
  if (!report.is_in_time) throw problem('reopen-too-late')
  return report.main_id ?? id
}
