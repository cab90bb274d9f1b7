// What staff do with a report: change its state, give it to someone else.
import type { z } from 'zod'
import type { Permission } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { audit } from '../core/audit.ts'
import { emit } from '../core/events.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { attachPhotos } from './words.ts'
import { takeAlong } from './duplicates/merge.ts'
import { type Handled, movesOf } from './kinds.ts'
import { actorOf, existing, getStaffReport, readStaffReport } from './service.ts'
import type { Contact, Status } from './contract.ts'
import type {
  assignReport as assignEndpoint,
  changeStatus as changeEndpoint,
  StaffReportDetail,
} from './desk/contract.ts'
import { visibleToStaff } from './visibility.ts'
import { isClosed, wantsNote } from './workflow.ts'

type StatusChange = z.output<NonNullable<(typeof changeEndpoint)['body']>>
type Assignment = z.output<NonNullable<(typeof assignEndpoint)['body']>>

interface Locked {
  status: Status
  is_public: boolean
  main_id: string | null
}

/** Locks the report for this transaction. Throws not-found when it is not the caller's to change. */
export async function lock(ctx: Context, trx: Db, id: string, permission: Permission): Promise<Locked> {
  const row: Locked | undefined = await trx('report as r')
    .select('r.status', 'r.is_public', 'r.main_id')
    .where('r.id', existing(id))
    .whereRaw(visibleToStaff(trx, actorOf(ctx), permission))
    .forUpdate()
    .first()
  if (!row) throw problem('not-found')
  return row
}

/** Throws stale-version, with what is there now and what was asked, where somebody has changed the locked report since it was seen. */
export async function demandSeen(
  ctx: Context,
  trx: Db,
  id: string,
  asked: { seen_at?: string | undefined },
): Promise<void> {
  if (!asked.seen_at) return
  const same = await trx('report').where({ id }).whereRaw('updated_at = ?::timestamptz', [asked.seen_at]).first('id')
  if (!same) throw problem('stale-version', { extra: { current: await getStaffReport(ctx, id, trx), yours: asked } })
}

/** States to which a locked report may move. */
export async function nextOf(trx: Db, id: string): Promise<Status[]> {
  const row: Handled & { status: Status } = await trx('report as r')
    .join('category as c', 'c.id', 'r.category_id')
    .where('r.id', id)
    .first('r.status', 'c.kind', 'c.has_workflow')
  return movesOf(row, row.status)
}

/** The reporter has heard of it now, if not before. */
export const answered = (trx: Db) => ({
  updated_at: trx.fn.now(),
  answered_at: trx.raw('COALESCE(answered_at, now())'),
})

interface Move {
  id: string
  /** Whether anybody may see the report. */
  isPublic: boolean
  from: Status
  to: Status
  /** For everybody who may see the report. */
  note: string | null
  /** Member of staff; null: another system that we believe. */
  actorId: string | null
}

/** Moves a locked report to another state, and takes along what is treated together with it. Returns the id of the entry. Throws status-not-allowed. */
export async function moveReport(trx: Db, { id, isPublic, from, to, note, actorId }: Move): Promise<string> {
  if (!(await nextOf(trx, id)).includes(to))
    throw problem('status-not-allowed', { values: { from, to }, path: 'status' })
  await trx('report')
    .where({ id })
    .update({ status: to, closed_at: isClosed(to) ? trx.fn.now() : null, ...answered(trx) })
  const [entry] = await trx('timeline_entry')
    .insert({ case_id: id, kind: 'status', status: to, note, actor_id: actorId })
    .returning('id')
  if (isClosed(to) || isClosed(from)) await takeAlong(trx, { id, isPublic }, { status: to, note, actorId })
  await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: { from, to } })
  return entry.id
}

/** Adds words of staff, or of another system that we believe (no actor), for all who may see the report. Returns the id of the entry. */
export async function addPublicNote(trx: Db, id: string, note: string, actorId: string | null): Promise<string> {
  const [entry] = await trx('timeline_entry')
    .insert({ case_id: id, kind: 'note', note, actor_id: actorId })
    .returning('id')
  await trx('report').where({ id }).update(answered(trx))
  await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: { action: 'note' } })
  return entry.id
}

/** Moves a report to another state, with a note. Throws stale-version, status-not-allowed, note-needed, merged-report, not-found. */
export function changeStatus(ctx: Context, id: string, change: StatusChange): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    await changeStatusIn(ctx, trx, id, change)
    return getStaffReport(ctx, id, trx)
  })
}

/** The same in a transaction of the caller. */
export async function changeStatusIn(ctx: Context, trx: Db, id: string, change: StatusChange): Promise<void> {
  const actorId = actorOf(ctx).accountId
  const { status: from, is_public: isPublic, main_id } = await lock(ctx, trx, id, 'report.change')
  await demandSeen(ctx, trx, id, change)
  const to = change.status
  if (main_id) throw problem('merged-report')
  if ((await nextOf(trx, id)).includes(to)) demandNote(change)
  const note = change.is_public ? (change.note ?? null) : null
  await moveReport(trx, { id, isPublic, from, to, note, actorId })
  // The new state is public even when the note is not: they are two entries then.
  if (change.note && !change.is_public) await addInternalNote(trx, id, change.note, actorId)
  await attachPhotos(trx, { reportId: id, supportId: null }, change.photos, true)
  await audit(ctx, { action: 'report.change', subjectId: id, detail: { from, to } }, trx)
}

/** Who reported it must hear why. Throws note-needed. */
export function demandNote(
  { status, note, is_public = true }: { status: Status; note?: string; is_public?: boolean },
  path = 'note',
): void {
  if (wantsNote(status) && !(note && is_public)) throw problem('note-needed', { path })
}

/** Adds words for colleagues only. Returns the id of the entry. */
export async function addInternalNote(
  trx: Db,
  id: string,
  note: string,
  actorId: string,
  kind: 'note' | 'refused' | 'attached' | 'detached' = 'note',
): Promise<string> {
  const [entry] = await trx('timeline_entry')
    .insert({ case_id: id, kind, note, actor_id: actorId, is_public: false })
    .returning('id')
  return entry.id
}

/** Gives a report to a department or crew by hand; re-routing leaves it alone from then on. Throws stale-version, unknown-department. */
export function assignReport(ctx: Context, id: string, assignment: Assignment): Promise<StaffReportDetail> {
  const actorId = actorOf(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'report.assign')
    await demandSeen(ctx, trx, id, assignment)
    const target = await targetOf(trx, assignment)
    await trx('report')
      .where({ id })
      .update({ ...target, is_assigned_by_hand: true, updated_at: trx.fn.now() })
    await trx('timeline_entry').insert({ case_id: id, kind: 'assigned', ...target, actor_id: actorId })
    if (assignment.note) await addInternalNote(trx, id, assignment.note, actorId)
    await audit(ctx, { action: 'report.assign', subjectId: id, detail: target }, trx)
    await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: target })
    // The giver sees the outcome once more, even where it is now another department's.
    return readStaffReport(trx, id)
  })
}

/** Ids of a department and its crew. prefix: of the path of the fields. Throws unknown-department. */
export async function targetOf(
  trx: Db,
  { department, crew }: Assignment,
  prefix = '',
): Promise<{ department_id: string; crew_id: string | null }> {
  const row: { department_id: string; crew_id: string | null } | undefined = await trx('department as d')
    .leftJoin('crew as w', (on) => on.on('w.department_id', 'd.id').andOnVal('w.slug', crew ?? ''))
    .where('d.slug', department)
    .select('d.id as department_id', 'w.id as crew_id')
    .first()
  if (!row || (crew && !row.crew_id))
    throw problem('unknown-department', { path: prefix + (crew ? 'crew' : 'department') })
  return row
}

/** What the reporter left to be reached by; the look is written down with its reason. Throws not-found. */
export function revealContact(ctx: Context, id: string, reason: string): Promise<z.output<typeof Contact>> {
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'contact.reveal')
    const { contact } = await trx('report').where({ id }).first('contact')
    if (!contact) throw problem('not-found')
    await audit(ctx, { action: 'contact.reveal', subjectId: id, detail: { reason } }, trx)
    return contact
  })
}
