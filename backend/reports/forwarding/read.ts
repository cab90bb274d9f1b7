// What becomes of forwarded reports: the other body is asked again and again, and what it says goes into our timelines.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { JobKind, JobWorld } from '../../core/jobs.ts'
import type { Status } from '../contract.ts'
import { addPublicNote, moveReport, nextOf } from '../handling.ts'
import { stateOf } from '../open311/status.ts'
import { isClosed } from '../workflow.ts'
import { type FarEnd, FarEndError, readRequests, readToken, readUpdates } from './farend.ts'
import { farEndOf } from './send.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Clocks differ, and what took long there comes with an older time: this is read twice, and known again by its ids. */
const OVERLAP_MS = HOUR_MS
/** Servers give 90 days at most. */
const LONGEST_SPAN_MS = 89 * DAY_MS
/** Ids that fit into an address. */
const AT_ONCE = 50
const LONGEST_WORDS = 4000
/** No such thing there. */
const UNKNOWN = [400, 404, 405, 410, 501]

interface Endpoint {
  id: string
  title: string
  url: string
  jurisdiction_id: string | null
  api_key: Buffer | null
  has_updates: boolean
  read_until: string | null
  failures: number
}

interface Forwarded {
  id: string
  report_id: string
  remote_id: string | null
  remote_token: string | null
  remote_status: string
  remote_notes: string | null
  sent_at: string
}
type Numbered = Forwarded & { remote_id: string }

/** Sees which bodies are to be asked. */
export const readingsJob: JobKind<null> = {
  queue: 'forward-readings',
  limit_s: 60,
  every_s: 300,
  work: async ({ db, jobs }) => {
    const due = await sql<{ id: string }>(db, 'reports/forward_due', {})
    for (const { id } of due) await jobs.send(db, readingJob, { id })
  },
}

/** Asks one body. When that fails it is asked later: after twice the wait each time up to a day, drawn by lot by a quarter. */
export const readingJob: JobKind<{ id: string }> = {
  queue: 'forward-reading',
  limit_s: 600,
  work: async (world, { id }) => {
    const { db } = world
    const endpoint: Endpoint | undefined = await db('open311_endpoint').where({ id }).first()
    if (!endpoint) return
    const start = new Date()
    try {
      await readAll(world, endpoint)
      await db('open311_endpoint')
        .where({ id })
        .update({
          read_until: start,
          failures: 0,
          last_error: null,
          read_after: db.raw(`now() + interval '4 minutes'`),
        })
    } catch (error) {
      if (!(error instanceof FarEndError)) throw error
      const wait_s = Math.min(300 * 2 ** endpoint.failures, 86_400)
      await db('open311_endpoint')
        .where({ id })
        .update({
          failures: endpoint.failures + 1,
          last_error: error.reason,
          read_after: db.raw('now() + make_interval(secs => ? * (0.75 + random() / 2))', [wait_s]),
        })
    }
  },
}

async function readAll(world: JobWorld, endpoint: Endpoint): Promise<void> {
  const far = farEndOf(endpoint, world)
  const rows = await sql<Forwarded>(world.db, 'reports/forward_open', { endpoint_id: endpoint.id })
  const numbered = await numberAll(world.db, far, rows)
  for (let from = 0; from < numbered.length; from += AT_ONCE) {
    const batch = numbered.slice(from, from + AT_ONCE)
    if (!endpoint.has_updates || !(await followUpdates(world.db, far, endpoint, batch)))
      await followStates(world.db, far, endpoint, batch)
  }
}

/** Those with a number there; tokens are asked whether they have become one. */
async function numberAll(db: Db, far: FarEnd, rows: readonly Forwarded[]): Promise<Numbered[]> {
  const numbered: Numbered[] = []
  for (const row of rows) {
    const remote_id = row.remote_id ?? (await readToken(far, row.remote_token ?? ''))
    if (!remote_id) continue
    if (!row.remote_id) await db('report_forward').where({ id: row.id }).update({ remote_id })
    numbered.push({ ...row, remote_id })
  }
  return numbered
}

const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, '')

/** Reads updates since the last time. Returns false when there are none of these there, and remembers it. */
async function followUpdates(db: Db, far: FarEnd, endpoint: Endpoint, batch: readonly Numbered[]): Promise<boolean> {
  const since = endpoint.read_until ? Date.parse(endpoint.read_until) : Date.parse(batch[0]!.sent_at)
  const start_date = seconds(Math.max(since - OVERLAP_MS, Date.now() - LONGEST_SPAN_MS))
  const byNumber = new Map(batch.map((row) => [row.remote_id, row]))
  try {
    // Not all servers know service_request_id here: the others tell of everything.
    const told = await readUpdates(far, { start_date, end_date: seconds(Date.now() + DAY_MS / 24), service_request_id: [...byNumber.keys()].join(',') }) // prettier-ignore
    for (const { id, request_id, status, words } of told) {
      const row = byNumber.get(request_id)
      if (row && id) await take(db, endpoint, row, { updateId: id, status, words })
    }
    return true
  } catch (error) {
    if (!(error instanceof FarEndError) || !UNKNOWN.includes(error.status ?? 0)) throw error
    await db('open311_endpoint').where({ id: endpoint.id }).update({ has_updates: false })
    endpoint.has_updates = false
    return false
  }
}

/** Without updates: the state of each request, when it differs from the last time. */
async function followStates(db: Db, far: FarEnd, endpoint: Endpoint, batch: readonly Numbered[]): Promise<void> {
  const byNumber = new Map(batch.map((row) => [row.remote_id, row]))
  for (const { id, status, notes } of await readRequests(far, { service_request_id: [...byNumber.keys()].join(',') })) {
    const row = byNumber.get(id)
    if (!row || (status === row.remote_status && notes === (row.remote_notes ?? ''))) continue
    const words = notes === (row.remote_notes ?? '') ? '' : notes
    await take(db, endpoint, row, { updateId: null, status, words })
    await db('report_forward').where({ id: row.id }).update({ remote_notes: notes })
  }
}

interface Told {
  /** Null: a state that was read, not an update with an id. */
  updateId: string | null
  status: string
  words: string
}

/** What another body tells becomes a move of our report, or a note; each update once. */
async function take(db: Db, endpoint: Endpoint, { id, report_id }: Numbered, told: Told): Promise<void> {
  await db.transaction(async (trx) => {
    const report = await trx('report').where({ id: report_id }).forUpdate().first('status', 'is_public', 'main_id')
    const forward = await trx('report_forward').where({ id }).first('remote_status')
    if (!report || !forward || (told.updateId && !(await isNew(trx, id, told.updateId)))) return
    const words = told.words.slice(0, LONGEST_WORDS)
    const from: Status = report.status
    const to = wanted(told.status, from, forward.remote_status)
    const note = words ? `${endpoint.title}: ${words}` : endpoint.title
    // What is treated together with another report moves with that one.
    if (to !== from && !report.main_id && (await nextOf(trx, report_id)).includes(to))
      await moveReport(trx, { id: report_id, isPublic: report.is_public, from, to, note, actorId: null })
    else if (words) await addPublicNote(trx, report_id, note, null)
    await trx('report_forward').where({ id }).update({ remote_status: isClosed(stateOf(told.status, 'submitted') ?? 'submitted') ? 'closed' : 'open' }) // prettier-ignore
  })
}

/** The state it should have. What our own staff have closed is opened again only when it had been closed there, too. */
function wanted(word: string, from: Status, remoteStatus: string): Status {
  const to = stateOf(word, from) ?? from
  return isClosed(from) && !isClosed(to) && remoteStatus !== 'closed' ? from : to
}

async function isNew(trx: Db, forward_id: string, update_id: string): Promise<boolean> {
  const made = await trx('report_forward_update')
    .insert({ forward_id, update_id })
    .onConflict()
    .ignore()
    .returning('update_id')
  return made.length > 0
}
