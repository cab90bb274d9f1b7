// Who has a report open just now. It is no event: nobody's history and nobody's webhook needs it, so it is only said aloud.
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { actorOf, existing } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { FRESH_S } from './contract.ts'

/** Says that the caller has a report open. Throws not-found. */
export async function sayHere(ctx: Context, id: string): Promise<{ others: string[] }> {
  const actor = actorOf(ctx)
  const seen = await ctx.db('report as r').where('r.id', existing(id)).whereRaw(visibleToStaff(ctx.db, actor)).first('r.id') // prettier-ignore
  if (!seen) throw problem('not-found')
  const [row] = await sql<{ others: string[] }>(ctx.db, 'reports/presence', { id, account_id: actor.accountId, fresh_s: FRESH_S }) // prettier-ignore
  return { others: row?.others ?? [] }
}

/** Says that the caller has closed it. */
export async function sayGone(ctx: Context, id: string): Promise<void> {
  const which = { report_id: existing(id), account_id: actorOf(ctx).accountId }
  const gone = await ctx.db('report_presence').where(which).delete()
  if (gone > 0) await ctx.db.raw(`SELECT pg_notify('asty_event', ?::text)`, [JSON.stringify({ type: 'report.presence', id })]) // prettier-ignore
}
