// The ledger of consents (GDPR article 7): entries are added, never changed; the last one counts.
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { signedIn } from '../sessions.ts'
import type { Answer, Consent } from './contract.ts'

/** Everything a person is asked, and all their answers with the words these were given to. */
export const consentsOf = (db: Db, accountId: string): Promise<Consent[]> =>
  sql<Consent>(db, 'people/consents', { account_id: accountId })

interface Entry {
  purpose: string
  answer: Answer
  channel: 'portal' | 'desk' | 'phone'
  /** Member of staff who writes it down; null: the person does it. */
  recordedBy: string | null
}

/** Adds an entry, unless it says what the last one said. Throws not-found, wording-changed, contact-unproven. */
async function record(trx: Db, accountId: string, { purpose, answer, channel, recordedBy }: Entry): Promise<Consent> {
  // One answer of a person after the other: the last one counts, so there must be a last one.
  const account = await trx('account').where({ id: accountId }).forUpdate().first('id')
  const before = account && (await find(trx, accountId, purpose))
  if (!before || (answer.granted && !before.is_active)) throw problem('not-found')
  if (answer.granted && answer.version !== before.version) throw problem('wording-changed')
  if (answer.granted && !before.is_reachable) throw problem('contact-unproven', { extra: { contact: before.contact } })
  const last = before.entries[0]
  const saysTheSame = answer.granted ? last?.is_granted && last.version === before.version : !last?.is_granted
  if (saysTheSame) return before
  await trx('consent').insert({
    account_id: accountId,
    purpose_id: trx('consent_purpose').where({ slug: purpose }).select('id'),
    version: before.version,
    is_granted: answer.granted,
    channel,
    recorded_by: recordedBy,
  })
  return (await find(trx, accountId, purpose)) as Consent
}

const find = async (db: Db, accountId: string, slug: string): Promise<Consent | undefined> =>
  (await consentsOf(db, accountId)).find(({ purpose }) => purpose === slug)

/** The caller agrees or withdraws. */
export function answer(ctx: Context, purpose: string, given: Answer): Promise<Consent> {
  const entry: Entry = { purpose, answer: given, channel: 'portal', recordedBy: null }
  return ctx.db.transaction((trx) => record(trx, signedIn(ctx).accountId, entry))
}

/** Consents of somebody else, for staff; the look is written down. Throws not-found. */
export function readConsents(ctx: Context, id: string): Promise<Consent[]> {
  return ctx.db.transaction(async (trx) => {
    if (!(await trx('account').where({ id }).first('id'))) throw problem('not-found')
    await audit(ctx, { action: 'consent.read', subjectId: id }, trx)
    return consentsOf(trx, id)
  })
}

/** Writes down what a person said at the desk or on the telephone. Throws as answering does. */
export function recordAnswer(
  ctx: Context,
  { id, purpose }: { id: string; purpose: string },
  { channel, ...said }: Answer & { channel: 'desk' | 'phone' },
): Promise<Consent> {
  const recordedBy = signedIn(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    const consent = await record(trx, id, { purpose, answer: said, channel, recordedBy })
    const detail = { purpose, granted: said.granted, version: consent.version, channel }
    await audit(ctx, { action: 'consent.record', subjectId: id, detail }, trx)
    return consent
  })
}
