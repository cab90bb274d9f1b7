// What others tell about a service request: its sender as a citizen would, staff's own programs as staff would.
import { createHash } from 'node:crypto'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { emit } from '../../core/events.ts'
import type { Actor, Context, Key } from '../../core/http/context.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { staffOfKey } from '../../people/service.ts'
import type { Status } from '../contract.ts'
import { addPublicNote, moveReport } from '../handling.ts'
import { lockClosed } from '../reporter/reopen.ts'
import { visibleToStaff } from '../visibility.ts'
import { addWords } from '../words.ts'
import { isClosed } from '../workflow.ts'
import type { NewUpdate } from './contract.ts'
import { stateOf } from './status.ts'

interface Target {
  id: string
  status: Status
  is_public: boolean
  main_id: string | null
  is_staff: boolean
}

const hashOf = ({ api_key: _, ...update }: NewUpdate) =>
  createHash('sha256').update(JSON.stringify(update)).digest('base64url')

/**
 * Writes an update into the timeline of its request, once for each update_id of the key's account. Throws not-found, key-reused,
 * status-not-allowed, merged-report, not-allowed, reopen-too-late, bad-parameter.
 */
export async function createUpdate(ctx: Context, key: Key, update: NewUpdate): Promise<{ update_id: string }> {
  const actor = await staffOfKey(ctx.db, key, 'report.change')
  const known = { account_id: key.accountId, update_id: update.update_id }
  return ctx.db.transaction(async (trx) => {
    const target = await lockTarget(trx, actor, update.service_request_id)
    const request_hash = hashOf(update)
    const earlier = await trx('open311_update').where(known).first('request_hash', 'timeline_entry_id')
    if (earlier && earlier.request_hash !== request_hash) throw problem('key-reused', { path: 'update_id' })
    if (earlier) return { update_id: earlier.timeline_entry_id }
    const entry = target.is_staff
      ? await handle({ ...ctx, actor }, trx, target, update)
      : await say(trx, target, update)
    if (update.media_url) await addMediaNote(trx, target.id, update.media_url)
    const kept = await trx('open311_update')
      .insert({ ...known, request_hash, timeline_entry_id: entry })
      .onConflict()
      .ignore()
      .returning('update_id')
    // The same id for another request in this very moment.
    if (kept.length === 0) throw problem('key-reused', { path: 'update_id' })
    return { update_id: entry }
  })
}

/** Locks the request, as far as the key may tell of it: its account sent it, or handles it. Throws not-found. */
async function lockTarget(trx: Db, actor: Actor, requestId: string): Promise<Target> {
  const isStaff = visibleToStaff(trx, actor, 'report.change')
  const row: Target | undefined = await trx('report as r')
    .join('case_record as k', 'k.id', 'r.id')
    .where('k.protocol', requestId.replace('-', '/'))
    .where((q) => q.where('r.sender_id', actor.accountId).orWhereRaw(isStaff))
    .orderBy('k.municipality')
    .forUpdate('r')
    .select('r.id', 'r.status', 'r.is_public', 'r.main_id', trx.raw('? AS is_staff', [isStaff]))
    .first()
  if (!row) throw problem('not-found', { path: 'service_request_id' })
  return row
}

function wanted({ status }: NewUpdate, from: Status): Status {
  const to = status === undefined ? from : stateOf(status, from)
  if (!to) throw badParameter('status', 'open311.status')
  return to
}

/** As staff do: a move of its state, or a public note. */
async function handle(ctx: Context, trx: Db, target: Target, update: NewUpdate): Promise<string> {
  const { id, status: from, is_public: isPublic } = target
  const actorId = ctx.actor!.accountId
  const to = wanted(update, from)
  if (to !== from && target.main_id) throw problem('merged-report')
  await audit(ctx, { action: 'report.change', subjectId: id, detail: { from, to, by: 'open311' } }, trx)
  return to === from
    ? addPublicNote(trx, id, update.description, actorId)
    : moveReport(trx, { id, isPublic, from, to, note: update.description, actorId })
}

/** As reporters do: words for staff; what is closed may be said not to be fixed. Only staff close. */
async function say(trx: Db, { id, status: from }: Target, update: NewUpdate): Promise<string> {
  const to = wanted(update, from)
  if (isClosed(to) && to !== from) throw problem('not-allowed', { path: 'status' })
  if (isClosed(from) && !isClosed(to)) await sql(trx, 'reports/reopen', { main_id: await lockClosed(trx, id) })
  else await emit(trx, { type: 'report.changed', subjectId: id, payload: { action: 'words' } })
  return addWords(trx, { reportId: id, supportId: null }, 'note', update.description)
}

async function addMediaNote(trx: Db, id: string, url: string): Promise<void> {
  const note = text('el', 'open311.media_note', { url })
  await trx('timeline_entry').insert({ case_id: id, kind: 'note', note, is_public: false })
}
