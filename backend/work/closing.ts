// A work order that is done proposes that its reports close; who answers for them says so.
import type { z } from 'zod'
import { copyPhoto } from '../cases/service.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { resolveReports } from '../reports/closing/service.ts'
import type * as api from './contract.ts'
import { lockWork, tell } from './edit.ts'
import { getWork } from './read.ts'
import { OPEN } from './workflow.ts'

type Closing = z.output<NonNullable<(typeof api.closeReports)['body']>>

/**
 * Closes reports of an order that is done, each with its own words and with the photos that were chosen; each report must be the
 * caller's to change. Throws not-done, not-found, unknown-photo, status-not-allowed, work-open.
 */
export async function closeReports(
  ctx: Context,
  id: string,
  { reports, photos, anyway }: Closing,
): Promise<api.WorkDetail> {
  // Outside the transaction: files take their time, and rows would be locked meanwhile. Copies that nothing comes of go as uploads do.
  const shown = photos.length > 0 ? await copiesFor(ctx, id, reports, photos) : new Map<string, string[]>()
  return ctx.db.transaction(async (trx) => {
    const { status } = await lockWork(ctx, trx, id, 'work.read')
    if (status !== 'done') throw problem('not-done')
    const ids = reports.map((report) => report.id)
    const linked = await trx('work_order_answer').where({ work_order_id: id }).whereIn('report_id', ids)
    if (linked.length !== reports.length) throw problem('not-found', { path: 'reports' })
    await resolveReports(ctx, trx, reports.map((report) => ({ ...report, photos: shown.get(report.id) ?? [] }))) // prettier-ignore
    // After that: only who may close them learns what else is under way.
    if (!anyway) await demandFinished(trx, id, ids)
    await tell(ctx, trx, id, 'work.close_reports', { reports: ids, photos })
    return getWork(ctx, id, trx)
  })
}

/**
 * Copies of photos of what was done, for each report its own: it is blurred, withdrawn and deleted with that report, and the order
 * keeps what the crew took. Throws not-found, unknown-photo.
 */
async function copiesFor(ctx: Context, id: string, reports: Closing['reports'], photos: readonly string[]) {
  const order = await getWork(ctx, id)
  const offered = order.photos.filter(({ moment }) => moment === 'after').map((photo) => photo.id)
  if (!photos.every((photo) => offered.includes(photo))) throw problem('unknown-photo', { path: 'photos' })
  const theirs = reports.filter((report) => order.reports.some((each) => each.id === report.id && each.may_close))
  const copies = new Map<string, string[]>(theirs.map((report) => [report.id, []]))
  for (const photo of new Set(photos)) {
    const made = await copyPhoto(ctx, photo, theirs.length)
    theirs.forEach((report, n) => copies.get(report.id)?.push(made[n]!))
  }
  return copies
}

/** Throws work-open, with the orders, where others of these reports than this one are still open. */
async function demandFinished(trx: Db, id: string, reports: readonly string[]): Promise<void> {
  const orders: (api.OrderState & { report: string })[] = await trx('work_order_answer as a')
    .join('work_order as o', 'o.id', 'a.work_order_id')
    .join('case_record as k', 'k.id', 'o.id')
    .join('department as d', 'd.id', 'o.department_id')
    .whereIn('a.report_id', reports)
    .whereNot('o.id', id)
    .whereIn('o.status', OPEN)
    .orderBy(['k.protocol', 'a.report_id'])
    .select('a.report_id as report', 'o.id', 'k.protocol', 'o.status')
    .select(trx.raw(`jsonb_build_object('slug', d.slug, 'title', d.title) AS department`))
  if (orders.length === 0) return
  throw problem('work-open', {
    values: (language) => ({
      orders: orders
        .map((o) => `${o.protocol} (${o.department.title[language]}, ${text(language, `work.${o.status}`)})`)
        .join(', '),
    }),
    extra: { orders },
  })
}
