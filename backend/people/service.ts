// Signing in and out, and one's own account. What other features use of people is exported here.
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { checkPassword, hashPassword, isOutdated, isPassword } from './passwords.ts'
import { hasSecondFactor, takeCode } from './secondfactor.ts'
import { countCode } from './throttle.ts'
import {
  closeSession,
  endOtherSessions,
  type NewSession,
  openSession,
  signedIn,
  strengthenSession,
} from './sessions.ts'

export { checkPassword, hashPassword } from './passwords.ts'
export { resealSecondFactors, resetSecondFactor } from './secondfactor.ts'
export { actorOf, csrfOf, rolesWith, sweepJob } from './sessions.ts'
export { keyOf } from './keys/keys.ts'
export { staffOfKey } from './keys/staff.ts'
export { addGrant, limitToContractor } from './grants.ts'
export { insertPurpose } from './consents/purposes.ts'
export { deleteAccount, emailOfLink, passwordLinkJob, ownAccount, ownAddress } from './citizens.ts'

/** Checks e-mail (in lower case) and password and opens a session. Throws wrong-credentials, address-unproven. */
export async function signIn(ctx: Context, email: string, password: string, browser: string): Promise<NewSession> {
  const account = await ctx
    .db('account')
    .where({ email, disabled_at: null })
    .first('id', 'password_hash', 'email_verified_at')
  if (!(await isPassword(account?.password_hash, password)))
    throw problem('wrong-credentials', { subject: account?.id })
  if (!account.email_verified_at) throw problem('address-unproven', { subject: account.id })
  if (isOutdated(account.password_hash))
    await ctx
      .db('account')
      .where({ id: account.id })
      .update({ password_hash: await hashPassword(password) })
  return openSession(ctx.db, account.id, ['password'], browser, 'verified_contact')
}

/** Second step of signing in. Returns the session's new token. Throws wrong-code. */
export async function proveSecondFactor(ctx: Context, token: string, code: string): Promise<NewSession> {
  const { accountId } = signedIn(ctx)
  await countCode(ctx, accountId)
  const factor = await takeCode(ctx, ctx.db, accountId, code)
  return strengthenSession(ctx.db, token, factor)
}

/** Proves once more who it is. Returns the session's new token. Throws wrong-credentials, wrong-code. */
export async function confirmSession(
  ctx: Context,
  token: string,
  password: string,
  code?: string,
): Promise<NewSession> {
  const { accountId } = signedIn(ctx)
  await countCode(ctx, accountId)
  const { password_hash } = await ctx.db('account').where({ id: accountId }).first('password_hash')
  if (!(await isPassword(password_hash, password))) throw problem('wrong-credentials', { path: 'password' })
  if (!(await hasSecondFactor(ctx.db, accountId))) return strengthenSession(ctx.db, token, 'password')
  const factor = await takeCode(ctx, ctx.db, accountId, code ?? '')
  return strengthenSession(ctx.db, token, factor)
}

export const signOut = (ctx: Context, token: string): Promise<void> => closeSession(ctx.db, token)

/** Changes the caller's password and ends all other sessions. Throws wrong-credentials, weak-password. */
export async function changePassword(ctx: Context, password: string, newPassword: string): Promise<void> {
  const { accountId } = signedIn(ctx)
  await countCode(ctx, accountId)
  const account = await ctx.db('account').where({ id: accountId }).first('email', 'name', 'password_hash')
  if (!(await isPassword(account.password_hash, password))) throw problem('wrong-credentials', { path: 'password' })
  await checkPassword(ctx.db, newPassword, [account.email, account.name], 'new_password')
  const password_hash = await hashPassword(newPassword)
  await ctx.db.transaction(async (trx) => {
    await trx('account').where({ id: accountId }).update({ password_hash })
    await endOtherSessions(ctx, trx)
  })
}

/** Departments with their crews, by Greek title. */
export async function listDepartments({ db }: { db: Db }) {
  const departments = await db('department')
    .select('slug', 'title', 'phone', 'is_central_desk')
    .orderByRaw(`title->>'el'`)
    .limit(500)
  const crews = await db('crew as c')
    .join('department as d', 'd.id', 'c.department_id')
    .select('c.slug', 'c.title', 'd.slug as department', 'c.is_contractor')
    .orderByRaw(`c.title->>'el'`)
    .limit(2000)
  return { departments, crews }
}
