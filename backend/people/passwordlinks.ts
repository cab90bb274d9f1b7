// Links by which somebody chooses a password: an invitation, or after forgetting the old one.
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { tellOwner } from './notices.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { digest, newSecret, type NewSession, openSession } from './sessions.ts'

export interface PasswordLink {
  /** Of the account. */
  id: string
  url: string
  expires_at: string
}

/** Makes a link by which whoever gets it chooses the password of the account, once, within these hours. */
export async function passwordLink(
  { baseUrl }: { baseUrl: string },
  trx: Db,
  accountId: string,
  hours: number,
): Promise<PasswordLink> {
  const token = newSecret()
  const [row] = await trx('one_time_token')
    .insert({
      token_hash: digest(token),
      purpose: 'invitation',
      account_id: accountId,
      expires_at: trx.raw('now() + make_interval(hours => ?)', [hours]),
    })
    .returning('expires_at')
  return { id: accountId, url: `${baseUrl}/invitation/${token}`, expires_at: row.expires_at }
}

const openInvitation = (db: Db, token: string) =>
  db('one_time_token as t')
    .join('account as a', 'a.id', 't.account_id')
    .where({ 't.token_hash': digest(token), 't.purpose': 'invitation', 't.used_at': null, 'a.disabled_at': null })
    .where('t.expires_at', '>', db.fn.now())

/** Whom a link is for. Throws not-found when it was used, has run out or never was. */
export async function readInvitation(ctx: Context, token: string): Promise<{ email: string; name: string }> {
  const row = await openInvitation(ctx.db, token).first('a.email', 'a.name')
  if (!row) throw problem('not-found')
  return row
}

/** Sets the password, ends what was open before and signs in; the link counts no more. Throws not-found, weak-password. */
export async function acceptInvitation(
  ctx: Context,
  token: string,
  password: string,
  browser: string,
): Promise<NewSession> {
  const { session, changed } = await ctx.db.transaction(async (trx) => {
    const row = await openInvitation(trx, token).forUpdate().first('a.id', 'a.email', 'a.name', 'a.password_hash')
    if (!row) throw problem('not-found')
    await checkPassword(trx, password, [row.email, row.name])
    await trx('one_time_token')
      .where({ token_hash: digest(token) })
      .update({ used_at: trx.fn.now() })
    await trx('account')
      .where({ id: row.id })
      .update({ password_hash: await hashPassword(password), email_verified_at: trx.fn.now() })
    await trx('session').where({ account_id: row.id }).delete()
    const session = await openSession(trx, row.id, ['password'], browser, 'verified_contact')
    return { session, changed: row.password_hash ? row.id : null }
  })
  if (changed) await tellOwner(ctx, 'password', changed)
  return session
}
