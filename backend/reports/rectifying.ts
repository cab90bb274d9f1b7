// Citizens choose the wrong category, or put the pin across the street: staff put it right, and the rules decide anew.
import type { z } from 'zod'
import { audit } from '../core/audit.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { rectifyReport as endpoint, StaffReportDetail } from './desk/contract.ts'
import { forwardReport } from './forwarding/send.ts'
import { demandSeen, lock } from './handling.ts'
import { route } from './intake.ts'
import { actorOf, readStaffReport } from './service.ts'
import type { Location } from './shapes/contract.ts'
import { isClosed } from './workflow.ts'

type Change = z.output<NonNullable<(typeof endpoint)['body']>>

interface Before {
  category: string
  location: Location
  created_at: string
  is_public: boolean
}

/**
 * Puts category, place or privacy of an open report right, and gives it to whom the rules say then; promises count from the day
 * it came. A category whose reports are private keeps it so. Throws stale-version, report-closed, merged-report, unknown-category,
 * geometry-not-allowed, outside-municipality, not-found.
 */
export function rectifyReport(ctx: Context, id: string, change: Change): Promise<StaffReportDetail> {
  const actorId = actorOf(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    const { status, main_id } = await lock(ctx, trx, id, 'report.change')
    await demandSeen(ctx, trx, id, change)
    if (isClosed(status)) throw problem('report-closed')
    if (main_id) throw problem('merged-report')
    const before = await beforeOf(trx, id)
    const category = change.category ?? before.category
    const isOther = category !== before.category
    const routed = await route(trx, category, change.location ?? before.location, before.created_at)
    const [lon, lat] = routed.point
    await sql(trx, 'reports/rectify', {
      id,
      category_id: routed.category_id,
      is_public: routed.is_public && (change.is_public ?? before.is_public),
      lon,
      lat,
      shape: routed.shape && JSON.stringify(routed.shape),
      place: JSON.stringify(routed.place),
      district: routed.place.district?.slug ?? null,
      department_id: routed.department_id,
      crew_id: routed.crew_id,
      routing: JSON.stringify(routed.decision),
      due_at: isOther ? routed.due_at : null,
      answer_due_at: isOther ? routed.answer_due_at : null,
      asset_layer: routed.asset_layer,
      is_moved: change.location !== undefined,
      note: change.note || null,
      actor_id: actorId,
    })
    if (isOther) await forwardReport(trx, ctx.jobs, id, routed.category_id)
    const detail = { from: before.category, to: category, is_moved: change.location !== undefined, is_public: change.is_public ?? null } // prettier-ignore
    await audit(ctx, { action: 'report.rectify', subjectId: id, detail }, trx)
    // Who puts it right sees the outcome once more, even where it is another department's then.
    return readStaffReport(trx, id)
  })
}

async function beforeOf(trx: Db, id: string): Promise<Before> {
  const row = await trx('report as r')
    .join('category as c', 'c.id', 'r.category_id')
    .where('r.id', id)
    .first('c.slug as category', 'r.created_at', 'r.is_public', trx.raw('ST_AsGeoJSON(COALESCE(r.shape, r.geom), 15)::jsonb AS location')) // prettier-ignore
  return row as Before
}
