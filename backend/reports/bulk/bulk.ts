// Many reports at once: one statement that judges each, and a way back for some minutes.
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, may } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { demandNote, targetOf } from '../handling.ts'
import { sourcesOf } from '../kinds.ts'
import { actorOf } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { isClosed } from '../workflow.ts'
import type { actOnMany as actEndpoint, BulkAction, BulkAnswer } from './contract.ts'

type Asked = z.output<NonNullable<(typeof actEndpoint)['body']>>
type Result = BulkAnswer['results'][number]

/** Long enough to see that it was the wrong button, too short for anybody to have relied on it. */
export const UNDO_MIN = 10

/** What an action means in columns; null: stays as it is. */
async function columnsOf(trx: Db, action: BulkAction) {
  if (action.kind === 'assign') {
    const target = await targetOf(trx, { department: action.department, crew: action.crew }, 'action.')
    return { ...target, status: null, is_closed: false, sources: '[]', note: action.note || null, public_note: null }
  }
  const { status, note, is_public } = action
  demandNote(action, 'action.note')
  const words = { note: (!is_public && note) || null, public_note: (is_public && note) || null }
  const sources = JSON.stringify(sourcesOf(status))
  return { status, is_closed: isClosed(status), sources, department_id: null, crew_id: null, ...words } // prettier-ignore
}

/**
 * Changes many reports, each as it was seen or not at all; says of each what became of it. Throws not-allowed, note-needed,
 * unknown-department.
 */
export function actOnMany(ctx: Context, { reports, action }: Asked): Promise<BulkAnswer> {
  const actor = actorOf(ctx)
  const permission = action.kind === 'assign' ? 'report.assign' : 'report.change'
  if (!may(actor, permission)) throw problem('not-allowed')
  const once = [...new Map(reports.map((each) => [each.id, each])).values()]
  const bulk_id = randomUUID()
  return ctx.db.transaction(async (trx) => {
    await trx('report_bulk').where('at', '<', trx.raw(`now() - interval '1 day'`)).delete()
    const results = await sql<Result>(trx, 'reports/bulk', {
      ...(await columnsOf(trx, action)),
      bulk_id,
      ids: once.map(({ id }) => id),
      seen_ats: once.map(({ seen_at }) => seen_at),
      actor_id: actor.accountId,
      seen: visibleToStaff(trx, actor),
      allowed: visibleToStaff(trx, actor, permission),
    })
    const done = results.filter(({ outcome }) => outcome === 'done').map(({ id }) => id)
    if (done.length === 0) return { id: null, undo_until: null, results }
    const { note: _, ...detail } = action
    await audit(ctx, { action: 'report.bulk', subjectId: bulk_id, detail: { ...detail, reports: done } }, trx)
    const undo_until = new Date(Date.now() + UNDO_MIN * 60_000).toISOString()
    return { id: bulk_id, undo_until, results }
  })
}

/** Puts back what the caller has done with many reports. Throws not-found, undo-too-late. */
export function undoMany(ctx: Context, id: string): Promise<{ results: Result[] }> {
  const actor_id = actorOf(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    const known = await trx('report_bulk')
      .where({ id, actor_id })
      .forUpdate()
      .first(trx.raw('undone_at IS NULL AND at > now() - make_interval(mins => ?) AS is_in_time', [UNDO_MIN]))
    if (!known) throw problem('not-found')
    if (!known.is_in_time) throw problem('undo-too-late', { values: { minutes: UNDO_MIN } })
    const results = await sql<Result>(trx, 'reports/bulk_undo', { bulk_id: id, actor_id })
    await trx('report_bulk').where({ id }).update({ undone_at: trx.fn.now() })
    const done = results.filter(({ outcome }) => outcome === 'done').map((each) => each.id)
    await audit(ctx, { action: 'report.bulk_undo', subjectId: id, detail: { reports: done } }, trx)
    return { results }
  })
}
