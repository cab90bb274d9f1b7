// "That's it, me too": somebody follows a report that is there already.
import { createHash, randomBytes } from 'node:crypto'
import type { Assurance, Language } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { emit } from '../../core/events.ts'
import { type Context, demandAssurance } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { existing } from '../service.ts'
import { addWords, attachPhotos } from '../words.ts'
import type { SupportInput, SupportReceipt } from './contract.ts'

interface Target {
  id: string
  reporter_id: string | null
  closed_at: string | null
  support_count: number
  protocol: string
  assurance: Assurance
}

interface Supporter {
  account_id: string | null
  device_hash: string | null
  email: string | null
  language: Language | null
}

/**
 * Follows an open public report instead of sending another. Who says so again gets the same private link and counts once: by
 * account or device. Throws not-found, report-closed, own-report, device-needed, unknown-photo, assurance-needed.
 */
export function supportReport(ctx: Context, id: string, input: SupportInput): Promise<SupportReceipt> {
  return ctx.db.transaction(async (trx) => {
    const target = await lockTarget(trx, existing(id))
    demandAssurance(ctx.actor, target.assurance)
    // Staff tell what others told them.
    const accountId = ctx.actor?.grants.length === 0 ? ctx.actor.accountId : null
    if (!accountId && !input.device) throw problem('device-needed', { path: 'device' })
    if (accountId && target.reporter_id === accountId) throw problem('own-report')
    const supporter = {
      account_id: accountId,
      device_hash: input.device ? hashOf(target.id, input.device) : null,
      email: input.email ?? null,
      language: input.language ?? (ctx.actor?.grants.length ? null : ctx.language),
    }
    const known = await tokenOf(trx, target.id, supporter)
    const receipt = (followToken: string, more: number) => ({
      id: target.id,
      protocol: target.protocol,
      support_count: target.support_count + more,
      follow_url: `${ctx.baseUrl}/follow/${followToken}`,
    })
    if (known) return receipt(known, 0)
    const isCounted = !(await isCountedAlready(trx, target.id, supporter))
    return receipt(await add(trx, target.id, supporter, input, isCounted), Number(isCounted))
  })
}

/** The report, or the main one that it is treated together with; locked, so that two taps count once. */
async function lockTarget(trx: Db, id: string): Promise<Target> {
  const asked = await trx('report').where({ id, is_public: true }).first('id', 'main_id')
  if (!asked) throw problem('not-found')
  const target: Target | undefined = await trx('report as r')
    .join('case_record as k', 'k.id', 'r.id')
    .join('category as c', 'c.id', 'r.category_id')
    .where({ 'r.id': asked.main_id ?? asked.id, 'r.is_public': true })
    .forUpdate('r')
    .first('r.id', 'r.reporter_id', 'r.closed_at', 'r.support_count', 'k.protocol', 'c.assurance')
  if (!target) throw problem('not-found')
  if (target.closed_at) throw problem('report-closed')
  return target
}

/** With the report in it: nobody can tell that one device supports two reports. */
const hashOf = (reportId: string, device: string) =>
  createHash('sha256').update(`${reportId}:${device}`).digest('base64url')

/** Secret of the private link that this account or, without one, this device has already. */
async function tokenOf(
  trx: Db,
  report_id: string,
  { account_id, device_hash }: Supporter,
): Promise<string | undefined> {
  const row = await trx('report_support')
    .where({ report_id })
    // Others use the browser too: what an account said on it opens only with the account.
    .where(account_id ? { account_id } : { account_id: null, device_hash })
    .first('follow_token')
  return row?.follow_token
}

/** An account and the browser it was used on count once. Not by e-mail: the number would tell who else is in it. */
async function isCountedAlready(trx: Db, report_id: string, { device_hash }: Supporter): Promise<boolean> {
  if (!device_hash) return false
  return (await trx('report_support').where({ report_id, device_hash }).first('id')) !== undefined
}

async function add(
  trx: Db,
  report_id: string,
  supporter: Supporter,
  { note, photos }: SupportInput,
  isCounted: boolean,
): Promise<string> {
  const follow_token = randomBytes(18).toString('base64url')
  const [{ id: supportId }] = await trx('report_support')
    .insert({ report_id, ...supporter, follow_token })
    .returning('id')
  const who = { reportId: report_id, supportId }
  await addWords(trx, who, 'support', note || null)
  await attachPhotos(trx, who, photos)
  // updated_at stays: nothing that the public or open data show has changed, and nobody's form is thrown away.
  if (isCounted) await trx('report').where({ id: report_id }).increment({ support_count: 1, people_count: 1 })
  await emit(trx, { type: 'report.supported', subjectId: report_id })
  return follow_token
}
