// Signing in with an identity provider, and linking one to an account.
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import * as providers from './providers.ts'
import { endOtherSessions, type NewSession, openSession, raiseSession, signedIn } from './sessions.ts'

export const ATTEMPT_S = 600

const known = new WeakMap<object, providers.Provider[]>()

/** The providers of this installation. */
export function providersOf({ config }: Context): providers.Provider[] {
  const list = known.get(config) ?? providers.readProviders(config.signInProviders)
  known.set(config, list)
  return list
}

function providerOf(ctx: Context, slug: string): providers.Provider {
  const provider = providersOf(ctx).find((each) => each.slug === slug)
  if (!provider) throw problem('not-found')
  return provider
}

const callbackUrl = (ctx: Context, slug: string) => `${ctx.baseUrl}/api/sign-in/${slug}/callback`

/** Only to our own pages. */
const ownPath = (path: string | undefined) => (path && /^\/(?![/\\])/.test(path) ? path : '/')

/** What somebody goes to a provider for. */
export interface Intention {
  /** Page of ours to show afterwards. */
  returnTo: string | undefined
  /** Account to which the identity is to be linked; null: sign in. */
  linkTo: string | null
}

/** Begins: where to send the browser, and what it must bring back, sealed. */
export async function beginExternal(
  ctx: Context,
  slug: string,
  { returnTo, linkTo }: Intention,
): Promise<{ url: string; sealed: string }> {
  const provider = providerOf(ctx, slug)
  const attempt = providers.newAttempt(provider, ownPath(returnTo), linkTo)
  const url = await providers
    .authorizationUrl(provider, attempt, callbackUrl(ctx, slug))
    .catch((error: unknown) => unreachable(provider, error))
  return { url: url.href, sealed: ctx.sealer.seal(JSON.stringify(attempt)).toString('base64url') }
}

const unreachable = (provider: providers.Provider, cause: unknown): never => {
  throw problem('provider-failed', { values: (language) => ({ provider: provider.title[language] }), cause })
}

/** Finishes: the session, and the page to return to. Throws provider-failed, account-exists, identity-taken. */
export async function finishExternal(
  ctx: Context,
  slug: string,
  sealed: string | undefined,
  search: string,
  browser: string,
): Promise<{ session: NewSession; isLinked: boolean; returnTo: string }> {
  const provider = providerOf(ctx, slug)
  const attempt = readAttempt(ctx, sealed)
  if (attempt?.provider !== slug) throw problem('provider-failed', { values: (language) => ({ provider: provider.title[language] }) }) // prettier-ignore
  const callback = new URL(callbackUrl(ctx, slug) + search)
  const claims = await providers
    .claimsOf(provider, attempt, callback)
    .catch((error: unknown) => unreachable(provider, error))
  return ctx.db.transaction(async (trx) => {
    if (attempt.linkTo) {
      if (ctx.actor?.accountId !== attempt.linkTo) throw problem('sign-in-needed')
      await link(trx, slug, claims, attempt.linkTo)
      await endOtherSessions(ctx, trx)
      const session = await raiseSession(trx, ctx.actor.sessionId, providers.assuranceOf(provider))
      return { session, isLinked: true, returnTo: attempt.returnTo }
    }
    const accountId = (await accountOf(trx, slug, claims)) ?? (await newAccount(trx, slug, claims))
    const factors =
      provider.kind === 'oidc' && provider.is_strong ? (['oidc', 'provider'] as const) : (['oidc'] as const)
    const session = await openSession(trx, accountId, [...factors], browser, providers.assuranceOf(provider))
    return { session, isLinked: false, returnTo: attempt.returnTo }
  })
}

function readAttempt(ctx: Context, sealed: string | undefined): providers.Attempt | null {
  try {
    return JSON.parse(ctx.sealer.open(Buffer.from(sealed ?? '', 'base64url'))) as providers.Attempt
  } catch {
    return null
  }
}

async function accountOf(trx: Db, provider: string, { subject }: providers.Claims): Promise<string | null> {
  const row = await trx('identity as i')
    .join('account as a', 'a.id', 'i.account_id')
    .where({ 'i.provider': provider, 'i.subject': subject })
    .first('a.id', 'a.disabled_at')
  if (row?.disabled_at) throw problem('not-allowed')
  return row?.id ?? null
}

/** A first visit makes an account; an address that has one already must prove both before they are joined. */
async function newAccount(trx: Db, provider: string, claims: providers.Claims): Promise<string> {
  const { name, verifiedEmail } = claims
  const [account] = await trx('account')
    .insert({ name, email: verifiedEmail, email_verified_at: verifiedEmail ? trx.fn.now() : null })
    .onConflict('email')
    .ignore()
    .returning('id')
  if (!account) throw problem('account-exists')
  await link(trx, provider, claims, account.id)
  return account.id
}

async function link(trx: Db, provider: string, { subject }: providers.Claims, accountId: string): Promise<void> {
  const [row] = await trx('identity')
    .insert({ provider, subject, account_id: accountId })
    .onConflict(['provider', 'subject'])
    .merge({ linked_at: trx.fn.now() })
    .where('identity.account_id', accountId)
    .returning('account_id')
  if (!row) throw problem('identity-taken')
}

/** The caller's identities at providers. */
export const listIdentities = (ctx: Context, accountId: string): Promise<{ provider: string; linked_at: string }[]> =>
  ctx.db('identity').where({ account_id: accountId }).orderBy('linked_at').limit(50).select('provider', 'linked_at')

/** Takes a provider off the account, unless it is the only way in. Throws not-found, last-way-in. */
export function unlinkIdentity(ctx: Context, provider: string): Promise<void> {
  const { accountId } = signedIn(ctx)
  return ctx.db.transaction(async (trx) => {
    const gone = await trx('identity').where({ account_id: accountId, provider }).delete()
    if (gone === 0) throw problem('not-found')
    const { password_hash } = await trx('account').where({ id: accountId }).first('password_hash')
    const left = await trx('identity').where({ account_id: accountId }).first('provider')
    if (!password_hash && !left) throw problem('last-way-in')
    await endOtherSessions(ctx, trx)
  })
}
