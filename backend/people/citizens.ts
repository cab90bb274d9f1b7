// Citizens' accounts: anyone may make one; its address counts once a code sent there has come back.
import type { Language } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import type { JobKind } from '../core/jobs.ts'
import { mailJob } from '../core/mail.ts'
import { consentsOf } from './consents/ledger.ts'
import { listKeys } from './keys/keys.ts'
import { CODE_MINUTES, makeCode, takeContactCode } from './codes.ts'
import { passwordLink } from './passwordlinks.ts'
import { checkPassword, hashPassword, isPassword } from './passwords.ts'
import { digest, newSecret, type NewSession, openSession, signedIn } from './sessions.ts'
import { countCode } from './throttle.ts'

const LINK_HOURS = 24
const PASSWORD_LINK_HOURS = 1

interface Registration {
  email: string
  name: string
  password: string
}

/**
 * Makes an account and mails a code to its address. An address that has an account gets a message that says so instead:
 * the answer is the same, so that nobody learns who has one. Throws weak-password.
 */
export async function register(ctx: Context, { email, name, password }: Registration): Promise<void> {
  await checkPassword(ctx.db, password, [email, name])
  const password_hash = await hashPassword(password)
  await ctx.db.transaction(async (trx) => {
    const [account] = await trx('account')
      .insert({ email, name, password_hash })
      .onConflict('email')
      .merge({ name, password_hash })
      // An address that nobody has proven belongs to whoever proves it first.
      .whereNull('account.email_verified_at')
      .returning('id')
    if (account) await mailCode(ctx, trx, account.id, email)
    else await mail(ctx, trx, email, 'mail.known', {})
  })
}

async function mailCode(ctx: Context, trx: Db, accountId: string, email: string): Promise<void> {
  const code = await makeCode(trx, 'verify_email', accountId, email)
  await mail(ctx, trx, email, 'mail.code', { code, minutes: CODE_MINUTES.verify_email })
}

type Template = 'mail.known' | 'mail.code' | 'mail.reports' | 'mail.password'

/** For whom a message is written: the language, and the address of the portal as they see it. */
type Reader = Pick<Context, 'jobs' | 'language' | 'baseUrl'>

const mail = (
  { jobs, language, baseUrl }: Reader,
  trx: Db,
  to: string,
  template: Template,
  values: Record<string, unknown>,
): Promise<void> =>
  jobs.send(trx, mailJob, {
    to,
    subject: text(language, `${template}.subject`, values),
    text: text(language, `${template}.text`, { ...values, url: values['url'] ?? baseUrl }),
  })

/**
 * Takes the code that was mailed and signs in. The password must be the one of the account: a code that somebody else's
 * registration sent here must not open an account with their password. Throws wrong-code.
 */
export async function verifyEmail(
  ctx: Context,
  { email, code, password }: { email: string; code: string; password: string },
  browser: string,
): Promise<NewSession> {
  await countCode(ctx, email)
  return ctx.db.transaction(async (trx) => {
    const id = await takeContactCode(trx, 'verify_email', email, code)
    const account = id && (await trx('account').where({ id }).first('password_hash'))
    if (!id || !(await isPassword(account?.password_hash, password))) throw problem('wrong-code', { path: 'code' })
    await trx('account').where({ id }).update({ email_verified_at: trx.fn.now() })
    return openSession(trx, id, ['password'], browser, 'verified_contact')
  })
}

/** Mails a link to the reports that were sent with this address. The answer says nothing about whether there are any. */
export async function mailReportsLink(ctx: Context, email: string): Promise<void> {
  const token = newSecret()
  await ctx.db.transaction(async (trx) => {
    await trx('one_time_token').insert({
      token_hash: digest(token),
      purpose: 'my_reports',
      email,
      expires_at: trx.raw('now() + make_interval(hours => ?)', [LINK_HOURS]),
    })
    await mail(ctx, trx, email, 'mail.reports', { url: `${ctx.baseUrl}/my-reports/${token}`, hours: LINK_HOURS })
  })
}

/** Mails a link to choose a new password. Neither the answer nor its time says whether there is an account: a job looks. */
export const askPasswordLink = ({ db, jobs, language, baseUrl }: Context, email: string): Promise<void> =>
  jobs.send(db, passwordLinkJob, { email, language, baseUrl })

interface Asked {
  email: string
  language: Language
  baseUrl: string
}

export const passwordLinkJob: JobKind<Asked> = {
  queue: 'password-link',
  limit_s: 60,
  work: ({ db, jobs }, { email, language, baseUrl }) =>
    db.transaction(async (trx) => {
      const account = await trx('account').where({ email, disabled_at: null }).whereNotNull('password_hash').first('id')
      if (!account) return
      const { url } = await passwordLink({ baseUrl }, trx, account.id, PASSWORD_LINK_HOURS)
      await mail({ jobs, language, baseUrl }, trx, email, 'mail.password', { url, hours: PASSWORD_LINK_HOURS })
    }),
}

/** The address that a mailed link was sent to. Throws not-found. */
export async function emailOfLink(db: Db, token: string): Promise<string> {
  const row = await db('one_time_token')
    .where({ token_hash: digest(token), purpose: 'my_reports' })
    .where('expires_at', '>', db.fn.now())
    .first('email')
  if (!row) throw problem('not-found')
  return row.email
}

/** The caller's account and proven address, to find what belongs to them. */
export async function ownAddress(ctx: Context): Promise<{ accountId: string; email: string | null }> {
  const { accountId } = signedIn(ctx)
  const row = await ctx.db('account').where({ id: accountId }).whereNotNull('email_verified_at').first('email')
  return { accountId, email: row?.email ?? null }
}

/** What we hold about the caller's account, to take along. */
export async function ownAccount(ctx: Context): Promise<Record<string, unknown>> {
  const { accountId } = signedIn(ctx)
  const account = await ctx
    .db('account')
    .where({ id: accountId })
    .first('email', 'phone', 'name', 'created_at', 'email_verified_at', 'phone_verified_at')
  const sessions = await ctx
    .db('session')
    .where({ account_id: accountId })
    .orderBy('created_at')
    .limit(1000)
    .select('browser', 'created_at', 'last_seen_at', 'factors')
  const identities = await ctx.db('identity').where({ account_id: accountId }).limit(50).select('provider', 'linked_at')
  const api_keys = await listKeys(ctx.db, accountId)
  const consents = await consentsOf(ctx.db, accountId)
  return { ...account, sessions, identities, api_keys, consents }
}

/** Deletes the caller's account with all that opens it. What they agreed to stays in the ledger, without a name. */
export async function deleteAccount(ctx: Context, trx: Db): Promise<void> {
  await trx('account')
    .where({ id: signedIn(ctx).accountId })
    .delete()
}
