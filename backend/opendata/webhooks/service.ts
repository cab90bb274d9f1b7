// Webhooks: administrators say who is told what happens to public reports.
import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { isSafeTarget } from '../../core/outside.ts'
import type { Sealer } from '../../core/secrets.ts'
import type { addWebhook as addEndpoint, changeWebhook as changeEndpoint, Delivery, Webhook } from './contract.ts'
import { deliveryJob } from './jobs.ts'
import { asSecret } from './message.ts'

const MOST_WEBHOOKS = 50
const MOST_DELIVERIES = 100
const SECRET_BYTES = 32

const COLUMNS = ['id', 'title', 'url', 'types', 'created_at', 'failing_since', 'pause_reason']

type Input = z.output<NonNullable<(typeof addEndpoint)['body']>>
type Change = z.output<NonNullable<(typeof changeEndpoint)['body']>>

/** All webhooks, newest first. */
export const listWebhooks = ({ db }: Context): Promise<Webhook[]> =>
  db('webhook').orderBy('id', 'desc').limit(MOST_WEBHOOKS).select(COLUMNS)

/** Adds one; its key is in the answer and afterwards nowhere to be read. Throws unsafe-target, too-many-webhooks. */
export function addWebhook(ctx: Context, input: Input): Promise<Webhook & { secret: string }> {
  demandSafe(input.url)
  const secret = asSecret(randomBytes(SECRET_BYTES))
  return ctx.db.transaction(async (trx) => {
    const [{ count }] = await trx('webhook').select(trx.raw('count(*)::int AS count'))
    if (count >= MOST_WEBHOOKS) throw problem('too-many-webhooks', { values: { most: MOST_WEBHOOKS } })
    const [made] = await trx('webhook')
      .insert({ ...input, secret: ctx.sealer.seal(secret), source: ctx.baseUrl })
      .returning(COLUMNS)
    await audit(ctx, { action: 'webhook.add', subjectId: made.id, detail: input }, trx)
    return { ...made, secret }
  })
}

// Where a name leads is looked at when it is called.
function demandSafe(url: string): void {
  if (!isSafeTarget(url)) throw problem('unsafe-target', { path: 'url' })
}

/** Changes, pauses or resumes one. Throws unsafe-target, not-found. */
export function changeWebhook(ctx: Context, id: string, { is_paused, ...change }: Change): Promise<Webhook> {
  if (change.url) demandSafe(change.url)
  return ctx.db.transaction(async (trx) => {
    const [changed] = await trx('webhook')
      .where({ id })
      .update({
        ...change,
        ...(is_paused && { paused_at: trx.fn.now(), pause_reason: 'by_hand' }),
        ...(is_paused === false && { paused_at: null, pause_reason: null, failing_since: null }),
        source: ctx.baseUrl,
      })
      .returning(COLUMNS)
    if (!changed) throw problem('not-found')
    await audit(ctx, { action: 'webhook.change', subjectId: id, detail: { ...change, is_paused } }, trx)
    return changed
  })
}

/** Removes one with its messages. Throws not-found. */
export function removeWebhook(ctx: Context, id: string): Promise<void> {
  return ctx.db.transaction(async (trx) => {
    const gone = await trx('webhook').where({ id }).delete()
    if (gone === 0) throw problem('not-found')
    await audit(ctx, { action: 'webhook.remove', subjectId: id }, trx)
  })
}

const deliveries = (db: Db, webhookId: string) =>
  db('webhook_delivery')
    .where({ webhook_id: webhookId })
    .select('id', 'type', 'subject', 'at', 'attempts', 'last_attempt_at', 'last_status', 'last_error')
    .select(
      db.raw(`CASE WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN failed_at IS NOT NULL THEN 'failed' ELSE 'waiting' END AS state`),
    ) // prettier-ignore

/** The newest messages to a webhook. Throws not-found. */
export async function listDeliveries({ db }: Context, id: string): Promise<Delivery[]> {
  await demandWebhook(db, id)
  return deliveries(db, id)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(MOST_DELIVERIES)
}

async function demandWebhook(db: Db, id: string): Promise<void> {
  if (!(await db('webhook').where({ id }).first('id'))) throw problem('not-found')
}

/** Sends a message that tells of nothing, also to a webhook that is paused. Throws not-found. */
export function tryWebhook(ctx: Context, id: string): Promise<Delivery> {
  return ctx.db.transaction(async (trx) => {
    await demandWebhook(trx, id)
    const [made] = await trx('webhook_delivery')
      .insert({ webhook_id: id, type: 'webhook.trial', data: '{}', queued_at: trx.fn.now() })
      .returning('id')
    await ctx.jobs.send(trx, deliveryJob, { id: made.id })
    return deliveries(trx, id).where({ id: made.id }).first()
  })
}

/** Sends a message again, whether it had arrived or not. Throws not-found. */
export function replayDelivery(ctx: Context, id: string, deliveryId: string): Promise<Delivery> {
  return ctx.db.transaction(async (trx) => {
    const found = await trx('webhook_delivery')
      .where({ webhook_id: id, id: deliveryId })
      .update({ attempts: 0, delivered_at: null, failed_at: null, queued_at: trx.fn.now() })
    if (found === 0) throw problem('not-found')
    await ctx.jobs.send(trx, deliveryJob, { id: deliveryId })
    await audit(ctx, { action: 'webhook.replay', subjectId: id, detail: { delivery: deliveryId } }, trx)
    return deliveries(trx, id).where({ id: deliveryId }).first()
  })
}

/** Seals the keys anew that an older key has sealed. Returns how many. */
export function resealWebhooks(db: Db, sealer: Sealer): Promise<number> {
  return db.transaction(async (trx) => {
    const rows: { id: string; secret: Buffer }[] = await trx('webhook').select('id', 'secret').forUpdate()
    const old = rows.filter(({ secret }) => !sealer.isCurrent(secret))
    for (const { id, secret } of old)
      await trx('webhook')
        .where({ id })
        .update({ secret: sealer.seal(sealer.open(secret)) })
    return old.length
  })
}
