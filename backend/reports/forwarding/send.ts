// From a report to another body: put on its way with the report, sent by a job, tried again later and later, given up in the end.
import { audit } from '../../core/audit.ts'
import type { Config } from '../../core/config.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { emit } from '../../core/events.ts'
import type { JobKind, Jobs } from '../../core/jobs.ts'
import type { Sealer } from '../../core/secrets.ts'
import type { Contact } from '../contract.ts'
import type { Answered } from '../forms/contract.ts'
import { answerLine } from '../forms/words.ts'
import { answered, nextOf } from '../handling.ts'
import { type FarEnd, FarEndError, readRequests, type Sent, sendRequest } from './farend.ts'

/** With the waits of the jobs between them, which double and are drawn by lot, about two hours. */
const MOST_ATTEMPTS = 10
/** Of the words of the citizen; servers may take 4000 with the rest. */
const LONGEST_WORDS = 3500

interface Row {
  id: string
  report_id: string
  attempts: number
  first_attempt_at: string | null
  service_code: string
  endpoint_id: string
  title: string
  url: string
  jurisdiction_id: string | null
  api_key: Buffer | null
  source: string
  protocol: string
  description: string
  is_public: boolean
  lon: number
  lat: number
  address: string | null
  contact: typeof Contact._output | null
  photo_id: string | null
  answers: Answered[]
}

/** Puts a new report on its way, in the transaction that makes it, when its category is forwarded. */
export async function forwardReport(trx: Db, jobs: Jobs, reportId: string, categoryId: string): Promise<void> {
  const [made] = await trx
    .into(trx.raw('report_forward (report_id, endpoint_id, service_code)'))
    .insert(
      trx('open311_mapping')
        .where({ category_id: categoryId })
        .select(trx.raw('?::uuid', [reportId]), 'endpoint_id', 'service_code'),
    )
    .returning('id')
  if (made) await jobs.send(trx, forwardJob, { id: made.id })
}

/** How to ask a body; the key is in the open from here on. */
export const farEndOf = (
  { url, jurisdiction_id, api_key }: Pick<Row, 'url' | 'jurisdiction_id' | 'api_key'>,
  { sealer, config }: { sealer: Sealer; config: Config },
): FarEnd => ({ url, jurisdiction_id, key: api_key && sealer.open(api_key), allowed: config.webhookNetworks })

/** Sends one report. When it does not arrive the job fails, and is tried again. */
export const forwardJob: JobKind<{ id: string }> = {
  queue: 'forward',
  limit_s: 60,
  work: async (world, { id }) => {
    const [row] = await sql<Row>(world.db, 'reports/forward_message', { id })
    if (!row) return
    // Written down before: when this node dies now, the next one knows that it may have arrived.
    await world
      .db('report_forward')
      .where({ id })
      .update({
        attempts: row.attempts + 1,
        last_attempt_at: world.db.fn.now(),
        first_attempt_at: world.db.raw('COALESCE(first_attempt_at, now())'),
      })
    try {
      const far = farEndOf(row, world)
      await arrived(world.db, row, (await findSent(far, row)) ?? (await sendRequest(far, formOf(row), { once: id, source: row.source }))) // prettier-ignore
    } catch (error) {
      if (!(error instanceof FarEndError)) throw error
      const isLast = row.attempts + 1 >= MOST_ATTEMPTS || error.reason === 'refused'
      await failed(world.db, id, error, isLast)
      if (!isLast) throw error
    }
  },
}

/** What tells this report from all others, in its description there. */
const referenceOf = ({ source, report_id, protocol, is_public }: Row): string =>
  // The address of a private report leads nowhere.
  is_public ? `${protocol} · ${source}/reports/${report_id}` : `${protocol} · ${source}`

/** The words of the citizen, and what was answered: the other body may ask nothing of the kind. */
const wordsOf = ({ description, answers }: Row): string =>
  [description, ...answers.map((each) => answerLine(each, 'el'))].join('\n').slice(0, LONGEST_WORDS)

function formOf(row: Row): Record<string, string> {
  const { contact } = row
  const [first = '', ...rest] = (contact?.name ?? '').trim().split(/\s+/)
  const form = {
    service_code: row.service_code,
    lat: String(row.lat),
    long: String(row.lon),
    description: `${wordsOf(row)}\n\n${referenceOf(row)}`,
    address_string: row.address ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    first_name: first,
    last_name: rest.join(' '),
    media_url: row.photo_id ? `${row.source}/api/photos/${row.photo_id}` : '',
  }
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''))
}

/** What an earlier attempt without an answer has made there after all, as far as the other body shows it. */
async function findSent(far: FarEnd, row: Row): Promise<Sent | null> {
  if (!row.first_attempt_at) return null
  const start_date = new Date(Date.parse(row.first_attempt_at) - 3_600_000).toISOString().replace(/\.\d+/, '')
  const found = await readRequests(far, { service_code: row.service_code, start_date }).catch((error: unknown) => {
    // Not all can be asked so; that none can be reached shows in the sending.
    if (error instanceof FarEndError) return []
    throw error
  })
  const reference = referenceOf(row)
  const same = found.find(({ id, description }) => id !== '' && description.endsWith(reference))
  return same ? { id: same.id, token: null } : null
}

const failed = (db: Db, id: string, { reason, status, words }: FarEndError, isLast: boolean) =>
  db('report_forward')
    .where({ id })
    .update({ last_error: reason, last_status: status, last_words: words, ...(isLast && { state: 'failed' }) })

async function arrived(db: Db, row: Row, { id: remoteId, token }: Sent): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('report_forward').where({ id: row.id }).update({
      state: 'sent',
      sent_at: trx.fn.now(),
      remote_id: remoteId,
      remote_token: token,
      remote_status: 'open',
      last_error: null,
      last_status: null,
      last_words: null,
    })
    const note = remoteId ? `${row.title} (${remoteId})` : row.title
    // Where our own people are at it already, it stays theirs.
    const isKnown = (await nextOf(trx, row.report_id)).includes('forwarded')
    const [moved] = await trx('report')
      .where({ id: row.report_id })
      .whereIn('status', isKnown ? ['submitted', 'acknowledged'] : [])
      .update({ status: 'forwarded' })
      .returning('status')
    await trx('report').where({ id: row.report_id }).update(answered(trx))
    await trx('timeline_entry').insert({
      case_id: row.report_id,
      kind: 'forwarded',
      note,
      status: moved?.status ?? null,
    })
    const detail = { endpoint: row.endpoint_id, with_contact: row.contact !== null }
    await audit({ db, actor: null, requestId: row.id }, { action: 'report.forward', subjectId: row.report_id, detail }, trx) // prettier-ignore
    await emit(trx, { type: 'report.changed', subjectId: row.report_id, payload: { action: 'forwarded' } })
  })
}
