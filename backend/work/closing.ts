// A work order that is done proposes that its reports close; who answers for them says so.
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { resolveReports } from '../reports/closing/service.ts'
import type { WorkDetail } from './contract.ts'
import { lockWork, tell } from './edit.ts'
import { getWork } from './read.ts'

/**
 * Closes reports of an order that is done, each with its own words; each must be the caller's to change.
 * Throws not-done, not-found, status-not-allowed.
 */
export function closeReports(
  ctx: Context,
  id: string,
  reports: readonly { id: string; note: string }[],
): Promise<WorkDetail> {
  return ctx.db.transaction(async (trx) => {
    const { status } = await lockWork(ctx, trx, id, 'work.read')
    if (status !== 'done') throw problem('not-done')
    const ids = reports.map((report) => report.id)
    const linked = await trx('work_order_answer').where({ work_order_id: id }).whereIn('report_id', ids)
    if (linked.length !== reports.length) throw problem('not-found', { path: 'reports' })
    await resolveReports(ctx, trx, reports)
    await tell(ctx, trx, id, 'work.close_reports', { reports: ids })
    return getWork(ctx, id, trx)
  })
}
