// Work that nobody waits for: put down in the caller's transaction, done by whichever node is free, tried again when it fails.
import { setTimeout as wait } from 'node:timers/promises'
import PgBoss from 'pg-boss'
import type { Config } from './config.ts'
import { execute } from './db/client.ts'
import type { Db } from './db/connect.ts'
import { sql } from './db/sql.ts'
import type { Storage } from './files/storage.ts'
import type { EventType, Notices } from './events.ts'
import type { Log } from './log.ts'
import type { Sealer } from './secrets.ts'

/** What a job works with. */
export interface JobWorld {
  db: Db
  config: Config
  sealer: Sealer
  storage: Storage
  jobs: Jobs
}

export interface JobKind<T> {
  queue: string
  /** Does it; when it throws, it is tried again later, each time after twice the wait. */
  work: (world: JobWorld, data: T) => Promise<unknown>
  /** Longest time for one, seconds: then its node is taken for dead, and another one does it. */
  limit_s: number
  /** Comes by itself, once in so many seconds on all nodes together. */
  every_s?: number
  /** Comes soon after such an event, too; not once for each when many happen together. */
  after?: readonly EventType[]
}

export interface Jobs {
  /** Puts a job down in the caller's transaction: it is there if and only if that commits. */
  send: <T>(trx: Db, kind: JobKind<T>, data: T) => Promise<void>
  /** The same for many, in one statement. */
  sendEach: <T>(trx: Db, kind: JobKind<T>, datas: readonly T[]) => Promise<void>
  /** Jobs of the last days by queue and state. */
  counts: () => Promise<{ queue: string; state: string; count: number }[]>
  /** Age of the oldest job that is due and not done, seconds. */
  lag_s: () => Promise<number>
  /** Begins to do the jobs. */
  start: () => void
  /** Takes no more; resolves when those under way are done. */
  stop: () => Promise<void>
}

const RETRIES = 10
const FIRST_WAIT_S = 15
const POLL_MS = 1000
/** How often a node says that a repeated job is due. */
const REPEAT_MS = 60_000
/** Longer than any `every_s`: that a job of this period was there must be remembered. */
const KEEP_S = 3 * 86_400

interface Parts {
  db: Db
  config: Config
  sealer: Sealer
  storage: Storage
  log: Log
  /** Where kinds hear of the events that they come after. */
  notices?: Notices
}

/** Opens the queues of these kinds of jobs. What a job carries is sealed: the queue keeps it for days. */
export async function openJobs({ log, notices, ...parts }: Parts, kinds: readonly JobKind<never>[]): Promise<Jobs> {
  const { db, sealer } = parts
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(db, text, values) },
    schedule: false,
    archiveCompletedAfterSeconds: KEEP_S,
    archiveFailedAfterSeconds: KEEP_S,
    deleteAfterDays: 7,
    maintenanceIntervalSeconds: 30,
  })
  boss.on('error', (error) => log.error({ err: error }, 'jobs'))
  await boss.start()
  for (const { queue } of kinds) await boss.createQueue(queue)
  const stopping = new AbortController()
  const called = new Set<JobKind<never>>()
  notices?.on('notice', ({ type }) =>
    kinds.filter(({ after }) => after?.some((each) => each === type)).forEach((kind) => called.add(kind)),
  )
  let working: Promise<void> | undefined
  const jobs: Jobs = {
    send: (trx, kind, data) => put(boss, sealer, trx, kind, data),
    sendEach: (trx, kind, datas) => putEach(boss, sealer, trx, kind, datas),
    counts: () => sql(db, 'core/job_counts', {}),
    lag_s: async () => (await sql<{ lag_s: number }>(db, 'core/job_lag', {}))[0]?.lag_s ?? 0,
    start: () => void (working ??= workOn({ boss, world: { ...parts, jobs }, log, called }, kinds, stopping.signal)),
    stop: async () => {
      stopping.abort()
      await working
      await boss.stop({ graceful: false })
    },
  }
  return jobs
}

async function put(
  boss: PgBoss,
  sealer: Sealer,
  trx: Db,
  { queue, limit_s }: Pick<JobKind<never>, 'queue' | 'limit_s'>,
  data: unknown,
  options: PgBoss.SendOptions = {},
): Promise<void> {
  await boss.send(queue, sealedIn(sealer, data), { db: inside(trx), ...triesOf(limit_s), ...options })
}

async function putEach(
  boss: PgBoss,
  sealer: Sealer,
  trx: Db,
  { queue, limit_s }: Pick<JobKind<never>, 'queue' | 'limit_s'>,
  datas: readonly unknown[],
): Promise<void> {
  if (datas.length === 0) return
  const jobs = datas.map((data) => ({ name: queue, data: sealedIn(sealer, data), ...triesOf(limit_s) }))
  await boss.insert(jobs, { db: inside(trx) })
}

const sealedIn = (sealer: Sealer, data: unknown) => ({
  sealed: sealer.seal(JSON.stringify(data ?? null)).toString('base64'),
})

const inside = (trx: Db): PgBoss.Db => ({ executeSql: (text, values) => execute(trx, text, values) })

const triesOf = (limit_s: number) => ({
  retryLimit: RETRIES,
  retryDelay: FIRST_WAIT_S,
  retryBackoff: true,
  expireInSeconds: limit_s,
})

/** Mail servers say whom they refuse; the log must not. */
const withoutAddresses = (error: unknown) => String((error as Error).message).replace(/\S+@\S+/g, '…')

interface Worker {
  boss: PgBoss
  world: JobWorld
  log: Log
  /** Kinds whose event has happened since they last came. */
  called: Set<JobKind<never>>
}

/** Asks again and again for what is due. Not the library's own workers: theirs end the process when the database goes away. */
async function workOn(worker: Worker, kinds: readonly JobKind<never>[], signal: AbortSignal): Promise<void> {
  let repeatAt = 0
  while (!signal.aborted) {
    const isTime = Date.now() >= repeatAt
    if (isTime) repeatAt = Date.now() + REPEAT_MS
    // One after the other: on the embedded engine they have one connection together.
    for (const kind of kinds)
      await round(worker, kind, isTime).catch((error: unknown) =>
        worker.log.error({ err: error, queue: kind.queue }, 'jobs'),
      )
    await wait(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function round({ boss, world, log, called }: Worker, kind: JobKind<never>, isTime: boolean): Promise<void> {
  const { queue, every_s } = kind
  // One in each period, whichever node says so first.
  if (every_s && isTime) await put(boss, world.sealer, world.db, kind, null, { singletonSeconds: every_s })
  if (called.delete(kind)) await put(boss, world.sealer, world.db, kind, null)
  const due = await boss.fetch<{ sealed: string }>(queue, { batchSize: 10 })
  await Promise.all(
    due.map(async ({ id, data: { sealed } }) => {
      try {
        await kind.work(world, JSON.parse(world.sealer.open(Buffer.from(sealed, 'base64'))) as never)
        await boss.complete(queue, id)
      } catch (error) {
        log.warn({ queue, job: id, reason: withoutAddresses(error) }, 'a job failed')
        await boss.fail(queue, id)
      }
    }),
  )
}
