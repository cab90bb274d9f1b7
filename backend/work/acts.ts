// What the crew did, told at once or hours later when the phone has a network again.
import { createHash, randomUUID } from 'node:crypto'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { localised } from '../core/i18n/text.ts'
import { actorOf, existing } from '../reports/service.ts'
import type { ActAnswer, Offer, WorkAct, WorkStatus } from './contract.ts'
import { changedNow, enter, tell } from './edit.ts'
import { readStop, visibleWork } from './read.ts'
import { decide, meant } from './workflow.ts'

interface Order {
  status: WorkStatus
  offer: Offer | null
  isOwn: boolean
}

/**
 * Takes an act of a crew: see decide() for what counts. The same key twice is the same act. Throws not-found for orders that never
 * were the caller's, reason-needed, unknown-photo, key-reused.
 */
export function actOnWork(ctx: Context, id: string, act: WorkAct, key: string = randomUUID()): Promise<ActAnswer> {
  return ctx.db.transaction(async (trx) => {
    const order = await lockOrder(ctx, trx, existing(id))
    const request_hash = createHash('sha256').update(JSON.stringify(act)).digest('base64url')
    const known = await trx('work_act').where({ work_order_id: id, idempotency_key: key }).first()
    if (known && known.request_hash !== request_hash) throw problem('key-reused', { path: 'Idempotency-Key' })
    if (known) return answer(ctx, trx, id, order, known.refusal)
    if (act.act === 'not_possible' && !act.note) throw problem('reason-needed', { path: 'note' })
    const { to, refusal } = decide(order, act.act)
    const at = new Date(Math.min(Date.parse(act.at), Date.now())).toISOString()
    const actor_id = actorOf(ctx).accountId
    await trx('work_act').insert({
      ...{ work_order_id: id, idempotency_key: key, request_hash, act: act.act, happened_at: at, actor_id, refusal },
    })
    await keepPhotos(trx, id, act.photos)
    if (!refusal) await apply(trx, id, act, to, at)
    const note = (refusal ? wordsOf(act) : act.note) ?? null
    if (refusal) await enter(trx, id, { kind: 'refused', at, status: meant[act.act], note, actor_id })
    else if (to) await enter(trx, id, { kind: 'status', at, status: to, note, actor_id })
    else if (note ?? act.materials) await enter(trx, id, { kind: 'note', at, note: wordsOf(act) ?? null, actor_id })
    await tell(ctx, trx, id, 'work.act', { act: act.act, refusal })
    return answer(ctx, trx, id, order, refusal)
  })
}

/**
 * Locks an order that is the caller's, or was while the phone had no network: the story says which crews it was given to.
 * Throws not-found.
 */
async function lockOrder(ctx: Context, trx: Db, id: string): Promise<Order> {
  const crews = actorOf(ctx).grants.flatMap(({ crewId, permissions }) =>
    crewId && permissions.includes('work.do') ? [crewId] : [],
  )
  const row: (Order & { wasOwn: boolean }) | undefined = await trx('work_order as o')
    .where('o.id', id)
    .select('o.status', 'o.offer', trx.raw('COALESCE(?, false) AS "isOwn"', [visibleWork(ctx, trx, 'work.do')]))
    .select(
      trx.raw(
        `EXISTS (SELECT FROM timeline_entry AS t WHERE t.case_id = o.id AND t.crew_id = ANY (?::bigint[])) AS "wasOwn"`,
        [crews],
      ),
    )
    .forUpdate()
    .first()
  if (!row || !(row.isOwn || row.wasOwn)) throw problem('not-found')
  return row
}

async function answer(
  ctx: Context,
  trx: Db,
  id: string,
  { isOwn }: Order,
  refusal: ActAnswer['refusal'],
): Promise<ActAnswer> {
  const order = isOwn ? await readStop(ctx, trx, id, trx.raw('true')) : null
  return { refusal, message: refusal ? localised(`work.refused.${refusal}`) : null, order }
}

/** Photos are kept whatever becomes of the act: nobody can take them again. Throws unknown-photo. */
async function keepPhotos(trx: Db, id: string, photos: WorkAct['photos']): Promise<void> {
  if (photos.length === 0) return
  const ids = photos.map((photo) => photo.id)
  const kept = await trx('attachment').whereIn('id', ids).whereNull('case_id').update({ case_id: id })
  if (kept !== photos.length) throw problem('unknown-photo', { path: 'photos' })
  await trx('work_order_photo').insert(
    photos.map((photo) => ({ photo_id: photo.id, work_order_id: id, moment: photo.moment })),
  )
}

async function apply(trx: Db, id: string, act: WorkAct, to: WorkStatus | null, at: string): Promise<void> {
  const isFinished = to === 'done' || to === 'not_possible'
  await trx('work_order')
    .where({ id })
    .update({
      ...(to && { status: to }),
      ...(to === 'under_way' && { started_at: at }),
      ...(isFinished && { finished_at: at, outcome: act.note ?? null }),
      ...(act.materials && { materials: act.materials }),
      ...(act.spent_min !== undefined && { spent_min: act.spent_min }),
      ...(act.cost_cents !== undefined && { cost_cents: act.cost_cents }),
      ...changedNow(trx),
    })
}

/** All that was said, where it has no other place to be kept. */
const wordsOf = ({ note, materials, spent_min }: WorkAct): string | undefined =>
  [note, materials, spent_min === undefined ? undefined : `${spent_min}′`].filter(Boolean).join(' · ') || undefined
