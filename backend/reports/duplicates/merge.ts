// Reports that mean the same are treated together: one is the main report, the others keep their numbers and go with it.
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { localised, type TextKey } from '../../core/i18n/text.ts'
import type { Status } from '../contract.ts'
import type { StaffReportDetail } from '../desk/contract.ts'
import { actorOf, existing, getStaffReport, isReportId } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { isClosed } from '../workflow.ts'

interface Row {
  id: string
  protocol: string
  status: Status
  is_public: boolean
  closed_at: string | null
  main_id: string | null
  merged_status: Status | null
  people_count: number
}

/** Treats a report together with a main one. Throws merge-not-allowed with the reason, not-found. */
export function mergeReport(ctx: Context, id: string, into: string): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    const mainId = await findMain(ctx, trx, into)
    const rows = await lockAll(ctx, trx, [existing(id), mainId])
    const [merged, main] = [rows.get(id), rows.get(mainId)]
    if (!merged || !main) throw problem('not-found')
    await demandMergeable(trx, merged, main)
    await trx('report')
      .where({ id })
      .update({ main_id: main.id, merged_status: merged.status, updated_at: trx.fn.now() })
    await trx('report').where({ id: main.id }).increment('people_count', merged.people_count)
    await tell(ctx, trx, 'merged', merged, main)
    return getStaffReport(ctx, id, trx)
  })
}

/** Treats a report by itself again, in the state it had. Throws not-merged, not-found. */
export function unmergeReport(ctx: Context, id: string): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    // The main report first, as when it closes and takes this one along.
    const of = trx('report')
      .select('main_id')
      .where({ id: existing(id) })
    const main: Row | undefined = await one(trx).where('r.id', of).forUpdate('r').first()
    const merged = (await lockAll(ctx, trx, [id])).get(id)
    if (!merged) throw problem('not-found')
    if (!main || merged.main_id !== main.id) throw problem('not-merged')
    await trx('report').where({ id }).update({
      main_id: null,
      merged_status: null,
      status: merged.merged_status,
      // Only open reports are merged: it closed with the other, not by itself.
      closed_at: null,
      updated_at: trx.fn.now(),
    })
    await trx('report').where({ id: main.id }).decrement('people_count', merged.people_count)
    await tell(ctx, trx, 'unmerged', merged, main)
    return getStaffReport(ctx, id, trx)
  })
}

/** Takes the reports along that are treated together with one that has closed or opened again. */
export async function takeAlong(
  trx: Db,
  main: { id: string; isPublic: boolean },
  { status, note, actorId }: { status: Status; note: string | null; actorId: string | null },
): Promise<void> {
  await sql(trx, 'reports/follow_main', {
    main_id: main.id,
    status,
    is_closed: isClosed(status),
    // What was said to the reporter of a private report is not for the others.
    note: main.isPublic ? note : null,
    actor_id: actorId,
  })
}

const one = (trx: Db) =>
  trx('report as r')
    .join('case_record as k', 'k.id', 'r.id')
    .select(
      'r.id',
      'k.protocol',
      'r.status',
      'r.is_public',
      'r.closed_at',
      'r.main_id',
      'r.merged_status',
      'r.people_count',
    )

/** Id of the main report that is meant; the lock comes after, for both at once. */
async function findMain(ctx: Context, trx: Db, into: string): Promise<string> {
  const row: Row | undefined = await one(trx)
    .where(isReportId(into) ? { 'r.id': into } : { 'k.protocol': into })
    .whereRaw(visibleToStaff(trx, actorOf(ctx), 'report.change'))
    .orderBy('k.municipality')
    .first()
  if (!row) throw problem('not-found', { path: 'into' })
  return row.main_id ?? row.id
}

/** Locks in one order, so that two who merge crosswise do not wait for each other. */
async function lockAll(ctx: Context, trx: Db, ids: string[]): Promise<Map<string, Row>> {
  const rows: Row[] = await one(trx)
    .whereIn('r.id', ids)
    .whereRaw(visibleToStaff(trx, actorOf(ctx), 'report.change'))
    .orderBy('r.id')
    .forUpdate('r')
  return new Map(rows.map((row) => [row.id, row]))
}

async function demandMergeable(trx: Db, merged: Row, main: Row): Promise<void> {
  const refuse = (key: TextKey) =>
    problem('merge-not-allowed', { values: (language) => ({ reason: localised(key)[language] }) })
  if (merged.id === main.id) throw refuse('merge.self')
  if (merged.main_id ?? main.main_id) throw refuse('merge.merged')
  if (merged.closed_at ?? main.closed_at) throw refuse('merge.closed')
  if (await trx('report').where({ main_id: merged.id }).first('id')) throw refuse('merge.has_own')
  // Its public page says where it went.
  if (merged.is_public && !main.is_public) throw refuse('merge.private')
}

async function tell(ctx: Context, trx: Db, kind: 'merged' | 'unmerged', merged: Row, main: Row): Promise<void> {
  const actorId = actorOf(ctx).accountId
  await trx('timeline_entry').insert([
    // A private main report is nobody's business, not even that it is there.
    {
      case_id: merged.id,
      kind,
      status: kind === 'unmerged' ? merged.merged_status : null,
      note: null,
      actor_id: actorId,
      is_public: main.is_public,
    },
    {
      case_id: main.id,
      kind,
      status: null,
      // Those who may see the main report may not all see a private one.
      note: merged.is_public ? merged.protocol : null,
      actor_id: actorId,
      is_public: false,
    },
  ])
  const action = kind === 'merged' ? 'report.merge' : 'report.unmerge'
  await audit(ctx, { action, subjectId: merged.id, detail: { main: main.id } }, trx)
  for (const { id } of [merged, main])
    await emit(trx, { type: `report.${kind}`, subjectId: id, actorId, payload: { merged: merged.id, main: main.id } })
}
