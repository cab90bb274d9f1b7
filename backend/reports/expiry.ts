// What is over after a while closes by itself: how long, each category says. Who follows it hears before, and may let it stay open.
import { audit } from '../core/audit.ts'
import { addressOf } from '../core/config.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { localised } from '../core/i18n/text.ts'
import type { JobKind, JobWorld } from '../core/jobs.ts'
import { dayText } from '../layers/service.ts'
import type { StaffReportDetail } from './desk/contract.ts'
import { followersOf, tellFollower } from './followers.ts'
import { lock } from './handling.ts'
import type { FollowedReport } from './reporter/contract.ts'
import { actorOf, followReport, getStaffReport } from './service.ts'
import { followerOf } from './words.ts'

/** Closes open reports whose time is over, and says so to all who may see them, in both languages. */
export async function expireReports(db: Db): Promise<void> {
  const { el, en } = localised('report.expired')
  await sql(db, 'reports/expire', { note: `${el}\n${en}` })
}

/** Mails those who follow a report that closes by itself within a week (or half of a shorter time), once for each time that its days are counted. */
export function tellBeforeExpiry({ db, jobs, config }: Pick<JobWorld, 'db' | 'jobs' | 'config'>): Promise<void> {
  return db.transaction(async (trx) => {
    const soon = await sql<{ id: string; expires_at: string }>(trx, 'reports/expiry_soon', {})
    const ends = new Map(soon.map(({ id, expires_at }) => [id, expires_at]))
    const world = { jobs, baseUrl: addressOf(config) }
    for (const follower of await followersOf(trx, [...ends.keys()])) {
      const at = ends.get(follower.report_id)!
      await tellFollower(world, trx, follower, 'mail.expiry', (language) => ({ date: dayText(at, language) }))
    }
  })
}

/** Once a day. */
export const expireJob: JobKind<null> = {
  queue: 'expire-reports',
  limit_s: 600,
  every_s: 86_400,
  work: async (world) => {
    await expireReports(world.db)
    await tellBeforeExpiry(world)
  },
}

/** Who follows a report lets it stay open, in its last week. Throws extend-not-now, not-found. */
export async function extendFollowed(ctx: Context, token: string): Promise<FollowedReport> {
  await ctx.db.transaction(async (trx) => {
    const { reportId } = await followerOf(trx, token)
    await trx('report').where({ id: reportId }).forUpdate().first('id')
    await extend(trx, reportId, null)
  })
  return followReport(ctx, token)
}

/** Staff let a report stay open, in its last week. Throws extend-not-now, not-found. */
export function extendReport(ctx: Context, id: string): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'report.change')
    await extend(trx, id, actorOf(ctx).accountId)
    await audit(ctx, { action: 'report.extend', subjectId: id }, trx)
    return getStaffReport(ctx, id, trx)
  })
}

/** Counts the days of a locked report anew. */
async function extend(trx: Db, id: string, actorId: string | null): Promise<void> {
  const extended = await sql(trx, 'reports/extend', { id, actor_id: actorId })
  if (extended.length === 0) throw problem('extend-not-now')
}
