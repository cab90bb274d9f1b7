// Which open reports probably mean the same, for staff: around one of them, or in the whole list.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import { sqlText } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { filter } from '../lists.ts'
import { actorOf, existing } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import type { LikelyCluster, likelyReports } from './contract.ts'
import { LIKELY } from './likely.ts'

type Where = z.output<NonNullable<(typeof likelyReports)['query']>>

/** So many of a list are looked at, the newest: what is older was among them when it came. */
const NEWEST = 1000

const MOST = 50

/** Open reports that probably mean the same as one. Throws not-found. */
export async function likelyOf(ctx: Context, id: string): Promise<LikelyCluster[]> {
  const seed = seenReports(ctx).where('r.id', existing(id))
  if (!(await seed.clone().first())) throw problem('not-found')
  return suggest(ctx, seed, true)
}

/** Open reports that probably mean the same as the newest of a list, as clusters. */
export const likelyIn = (ctx: Context, where: Where): Promise<LikelyCluster[]> => {
  const newest = [
    { column: 'r.created_at', order: 'desc' },
    { column: 'r.id', order: 'desc' },
  ]
  const listed = seenReports(ctx).whereNull('r.closed_at').whereNull('r.main_id').orderBy(newest).limit(NEWEST)
  return suggest(ctx, filter(listed, ctx.db, { ...where, limit: NEWEST }), false)
}

const seenReports = (ctx: Context) =>
  ctx
    .db('report as r')
    .select('r.id')
    .whereRaw(visibleToStaff(ctx.db, actorOf(ctx)))

async function suggest(ctx: Context, seeds: ReturnType<typeof seenReports>, is_all: boolean): Promise<LikelyCluster[]> {
  const { rows } = await ctx.db.raw(sqlText('reports/likely_same'), {
    ...{ seeds, is_all, least: LIKELY, most: MOST },
    seen: visibleToStaff(ctx.db, actorOf(ctx)),
    may_change: visibleToStaff(ctx.db, actorOf(ctx), 'report.change'),
  } as never)
  return rows
}

/** Remembers that two reports do not mean the same, so that nobody is told so again. Throws not-found. */
export function sayNotSame(ctx: Context, id: string, other: string): Promise<void> {
  return ctx.db.transaction(async (trx) => {
    const [one_id, other_id] = [existing(id).toLowerCase(), existing(other).toLowerCase()].sort() as [string, string]
    const theirs = await trx('report as r')
      .select('r.id')
      .whereIn('r.id', [one_id, other_id])
      .whereRaw(visibleToStaff(trx, actorOf(ctx), 'report.change'))
    if (theirs.length < 2) throw problem('not-found')
    await trx('report_not_same')
      .insert({ one_id, other_id, actor_id: actorOf(ctx).accountId })
      .onConflict(['one_id', 'other_id'])
      .ignore()
    await audit(ctx, { action: 'report.not_same', subjectId: id, detail: { other } }, trx)
  })
}
