// From an event to a program of others: a trigger writes the messages, one job queues them, one job sends each.
import type { Db } from '../../core/db/connect.ts'
import type { JobKind, Jobs, JobWorld } from '../../core/jobs.ts'
import { sql } from '../../core/db/sql.ts'
import { cloudEvent, type Message, signed } from './message.ts'
import { type Outcome, post } from './post.ts'

/** With the waits of the jobs between them, about two hours. */
const MOST_ATTEMPTS = 10
const AT_ONCE = 100
const KEEP_DAYS = 30
const GONE = 410

/** Sends one message. When it does not arrive the job fails, and is tried again later and later. */
export const deliveryJob: JobKind<{ id: string }> = {
  queue: 'webhook',
  limit_s: 60,
  work: async (world, { id }) => {
    const delivery = await take(world.db, id)
    if (!delivery) return
    const outcome: Outcome = delivery.is_paused ? { status: null, error: 'paused' } : await send(world, delivery)
    const isLast = delivery.attempts + 1 >= MOST_ATTEMPTS || delivery.is_paused || outcome.status === GONE
    await note(world.db, delivery, outcome, isLast)
    if (outcome.error && !isLast) throw new Error(`webhook ${delivery.webhook_id}: ${outcome.error}`)
  },
}

/** Makes jobs of the messages that have none. */
export const queueJob: JobKind<null> = {
  queue: 'webhook-queue',
  limit_s: 60,
  every_s: 300,
  after: ['report.created', 'report.changed', 'report.reopened', 'report.unmerged'],
  work: async ({ db, jobs }) => {
    while ((await queueSome(db, jobs)) === AT_ONCE);
    await db('webhook_delivery').whereRaw('at < now() - make_interval(days => ?)', [KEEP_DAYS]).delete()
  },
}

const queueSome = (db: Db, jobs: Jobs): Promise<number> =>
  db.transaction(async (trx) => {
    const rows: { id: string }[] = await trx('webhook_delivery')
      .whereNull('queued_at')
      .orderBy('at')
      .limit(AT_ONCE)
      .forUpdate()
      .skipLocked()
      .select('id')
    for (const { id } of rows) await jobs.send(trx, deliveryJob, { id })
    await trx('webhook_delivery')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      ) // prettier-ignore
      .update({ queued_at: trx.fn.now() })
    return rows.length
  })

interface Row extends Message {
  webhook_id: string
  url: string
  secret: Buffer
  attempts: number
  is_paused: boolean
}

/** The message, unless it has arrived already or was given up. */
async function take(db: Db, id: string): Promise<Row | undefined> {
  const [row] = await sql<Row>(db, 'opendata/webhook_message', { id })
  return row
}

function send({ sealer, config }: JobWorld, { url, secret, ...message }: Row): Promise<Outcome> {
  const body = cloudEvent(message)
  return post({
    url,
    body,
    headers: {
      'Content-Type': 'application/cloudevents+json; charset=utf-8',
      'User-Agent': 'Asty-Webhooks',
      ...signed(sealer.open(secret), message.id, body, Date.now()),
    },
    allowed: config.webhookNetworks,
  })
}

const note = (db: Db, { id, webhook_id }: Row, { status, error }: Outcome, isLast: boolean) =>
  sql(db, 'opendata/webhook_note', { id, webhook_id, status, error, is_last: isLast, is_gone: status === GONE })
