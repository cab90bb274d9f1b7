// Passkeys (W3C Web Authentication): something one has and something one is or knows, in one step, and nothing to be phished.
import * as webauthn from '@simplewebauthn/server'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { digest, endOtherSessions, type NewSession, openSession, signedIn } from './sessions.ts'

const CHALLENGE_MINUTES = 5

const hostOf = ({ baseUrl }: Context) => new URL(baseUrl).hostname

type Registration = Parameters<typeof webauthn.verifyRegistrationResponse>[0]['response']
type Authentication = Parameters<typeof webauthn.verifyAuthenticationResponse>[0]['response']

/** A challenge counts once and for a few minutes, for one account or, at sign-in, for whoever answers it. */
async function remember(ctx: Context, challenge: string, accountId: string | null): Promise<void> {
  await ctx.db('one_time_token').insert({
    token_hash: digest(challenge),
    purpose: 'passkey',
    account_id: accountId,
    expires_at: ctx.db.raw('now() + make_interval(mins => ?)', [CHALLENGE_MINUTES]),
  })
}

const redeem = (ctx: Context, accountId: string | null) => async (challenge: string) => {
  const used = await ctx
    .db('one_time_token')
    .where({ token_hash: digest(challenge), purpose: 'passkey', used_at: null, account_id: accountId })
    .where('expires_at', '>', ctx.db.fn.now())
    .update({ used_at: ctx.db.fn.now() })
  return used > 0
}

/** What the browser needs to make a passkey for the caller. */
export async function passkeyOptions(ctx: Context) {
  const { accountId, name } = signedIn(ctx)
  const { email } = await ctx.db('account').where({ id: accountId }).first('email')
  const known = await ctx.db('passkey').where({ account_id: accountId }).limit(50).select('id', 'transports')
  const options = await webauthn.generateRegistrationOptions({
    rpName: 'Asty',
    rpID: hostOf(ctx),
    userName: email ?? name,
    userDisplayName: name,
    userID: new TextEncoder().encode(accountId),
    attestationType: 'none',
    excludeCredentials: known,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await remember(ctx, options.challenge, accountId)
  return { ...options }
}

/** Keeps the passkey that the browser made. Throws passkey-refused. */
export async function addPasskey(ctx: Context, response: Registration, browser: string): Promise<void> {
  const { accountId } = signedIn(ctx)
  const { verified, registrationInfo } = await webauthn
    .verifyRegistrationResponse({
      response,
      expectedChallenge: redeem(ctx, accountId),
      expectedOrigin: ctx.baseUrl,
      expectedRPID: hostOf(ctx),
      requireUserVerification: true,
    })
    .catch(refused)
  if (!verified || !registrationInfo) throw problem('passkey-refused')
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  await ctx.db('passkey').insert({
    id,
    account_id: accountId,
    public_key: Buffer.from(publicKey),
    counter,
    transports,
    title: browser.slice(0, 200),
  })
  await endOtherSessions(ctx)
}

const refused = (cause: unknown): never => {
  throw problem('passkey-refused', { cause })
}

/** What the browser needs to sign in with any passkey of this site. */
export async function signInOptions(ctx: Context) {
  const options = await webauthn.generateAuthenticationOptions({ rpID: hostOf(ctx), userVerification: 'required' })
  await remember(ctx, options.challenge, null)
  return { ...options }
}

/** Signs in with a passkey; it is both factors. Throws passkey-refused. */
export async function signInWithPasskey(ctx: Context, response: Authentication, browser: string): Promise<NewSession> {
  const row = await ctx
    .db('passkey as p')
    .join('account as a', 'a.id', 'p.account_id')
    .where({ 'p.id': response.id, 'a.disabled_at': null })
    .first('p.*')
  if (!row) throw problem('passkey-refused')
  const credential = {
    id: row.id,
    publicKey: new Uint8Array(row.public_key),
    counter: Number(row.counter),
    transports: row.transports,
  }
  const { verified, authenticationInfo } = await webauthn
    .verifyAuthenticationResponse({
      response,
      expectedChallenge: redeem(ctx, null),
      expectedOrigin: ctx.baseUrl,
      expectedRPID: hostOf(ctx),
      credential,
      requireUserVerification: true,
    })
    .catch(refused)
  if (!verified) throw problem('passkey-refused')
  await ctx
    .db('passkey')
    .where({ id: row.id })
    .update({ counter: authenticationInfo.newCounter, last_used_at: ctx.db.fn.now() })
  return openSession(ctx.db, row.account_id, ['passkey'], browser, 'verified_contact')
}

/** The caller's passkeys, the newest first. */
export const listPasskeys = (ctx: Context) =>
  ctx
    .db('passkey')
    .where({ account_id: signedIn(ctx).accountId })
    .orderBy('created_at', 'desc')
    .limit(50)
    .select('id', 'title', 'created_at', 'last_used_at')

/** Takes one of the caller's passkeys away. Throws not-found. */
export async function removePasskey(ctx: Context, id: string): Promise<void> {
  const gone = await ctx
    .db('passkey')
    .where({ id, account_id: signedIn(ctx).accountId })
    .delete()
  if (gone === 0) throw problem('not-found')
  await endOtherSessions(ctx)
}
