// "Not ours": a department hands a report on to who comes next by the rules, or to the central desk.
import { audit } from '../core/audit.ts'
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { StaffReportDetail } from './desk/contract.ts'
import { addInternalNote, lock } from './handling.ts'
import type { Candidate } from './routing.ts'
import { actorOf, readStaffReport } from './service.ts'
import { isClosed } from './workflow.ts'

interface Target {
  department_id: string
  crew_id: string | null
}

/** Hands a report on, with a reason for colleagues. Throws nobody-else, report-closed, not-found. */
export function refuseReport(ctx: Context, id: string, reason: string): Promise<StaffReportDetail> {
  const actorId = actorOf(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    const { status, main_id } = await lock(ctx, trx, id, 'report.assign')
    if (isClosed(status)) throw problem('report-closed')
    if (main_id) throw problem('merged-report')
    const { department_id, routing } = await trx('report').where({ id }).first('department_id', 'routing')
    if (!department_id) throw problem('nobody-else')
    await trx('report_refusal')
      .insert({ report_id: id, department_id, reason, actor_id: actorId })
      .onConflict(['report_id', 'department_id'])
      .merge()
    const target = await nextFor(trx, id, routing?.candidates ?? [])
    await trx('report')
      .where({ id })
      .update({ ...target, is_assigned_by_hand: true, updated_at: trx.fn.now() })
    await addInternalNote(trx, id, reason, actorId, 'refused')
    await trx('timeline_entry').insert({ case_id: id, kind: 'assigned', ...target, actor_id: actorId })
    await audit(ctx, { action: 'report.refuse', subjectId: id, detail: { from: department_id, ...target } }, trx)
    await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: { action: 'refused', ...target } })
    return readStaffReport(trx, id)
  })
}

/** The next by the rules that has not refused, or the central desk. Throws nobody-else. */
async function nextFor(trx: Db, id: string, candidates: readonly Candidate[]) {
  const wanted = candidates.map(({ department, crew }) => ({ department: department.slug, crew: crew?.slug ?? null }))
  const target: Target | undefined = await trx('department as d')
    .joinRaw(
      `LEFT JOIN LATERAL (SELECT x.n, x.crew
                            FROM ROWS FROM (jsonb_to_recordset(?::jsonb) AS (department text, crew text)) WITH ORDINALITY AS x (department, crew, n)
                           WHERE x.department = d.slug ORDER BY x.n LIMIT 1) AS k ON true`,
      [JSON.stringify(wanted)],
    )
    .leftJoin('crew as w', (on) => on.on('w.slug', 'k.crew').andOn('w.department_id', 'd.id'))
    .whereRaw('(k.n IS NOT NULL OR d.is_central_desk)')
    .whereNotExists(
      trx('report_refusal as f').whereRaw('f.department_id = d.id').where('f.report_id', id).select(trx.raw('1')),
    )
    .orderByRaw('k.n NULLS LAST')
    .select('d.id as department_id', 'w.id as crew_id')
    .first()
  if (!target) throw problem('nobody-else')
  return target
}
