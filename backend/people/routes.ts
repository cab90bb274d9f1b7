import type { Request, Response, Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { problem, ProblemError } from '../core/http/problem.ts'
import { noteSecurity } from '../core/http/security.ts'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import * as factors from './secondfactor.ts'
import * as passkeys from './passkeys.ts'
import * as links from './passwordlinks.ts'
import * as people from './service.ts'
import * as sessions from './sessions.ts'
import * as citizens from './citizens.ts'
import * as external from './external.ts'
import * as phones from './phones.ts'
import { consentRoutes } from './consents/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { staffRoutes } from './staff/routes.ts'
import { assuranceOf } from './providers.ts'
import { deviceToken, guarded } from './throttle.ts'
import { tellOwner } from './notices.ts'

/** RFC 6265bis: a __Host- cookie cannot be set by another host or over plain http. */
const cookieName = (isSecure: boolean) => (isSecure ? '__Host-asty_session' : 'asty_session')

/** The session token in the request's cookie. */
export const tokenOf = (request: Request, isSecure: boolean): string | undefined =>
  cookieIn(request, cookieName(isSecure))

function cookieIn(request: Request, name: string): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${name}=([\\w.-]+)`).exec(request.headers.cookie ?? '')
  return match?.[1]
}

const DEVICE_MS = 180 * 24 * 60 * 60 * 1000
const deviceCookie = (ctx: Context) => (isSecure(ctx) ? '__Host-asty_device' : 'asty_device')

const isSecure = (ctx: Context) => ctx.baseUrl.startsWith('https:')

const cookieOptions = (ctx: Context) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(ctx) }) as const

/** Hands the token over in the cookie, ends the session that the browser had before, and answers with the new one. */
async function enter(
  ctx: Context,
  request: Request,
  response: Response,
  { token, maxAge_s }: sessions.NewSession,
  how: string,
) {
  const old = tokenOf(request, isSecure(ctx))
  if (old) await sessions.closeSession(ctx.db, old)
  response.cookie(cookieName(isSecure(ctx)), token, { ...cookieOptions(ctx), maxAge: maxAge_s * 1000 })
  const session = await sessions.sessionOf(ctx.db, token)
  noteSecurity(request, response, 'session.opened', { account: session.account?.id, how })
  return session
}

const PASSKEYS = { action: 'passkey', points: 60, per_s: 900 }

const browserOf = (request: Request) => request.get('User-Agent') ?? ''

function ownToken(ctx: Context, request: Request): string {
  const token = tokenOf(request, isSecure(ctx))
  if (!token || !ctx.actor) throw problem('sign-in-needed')
  return token
}

export function peopleRoutes(router: Router): void {
  sessionRoutes(router)
  ownRoutes(router)
  citizenRoutes(router)
  phoneRoutes(router)
  externalRoutes(router)
  keyRoutes(router)
  staffRoutes(router)
  consentRoutes(router)
}

function sessionRoutes(router: Router): void {
  serve(router, api.getSession, { may: 'anyone' }, (ctx, _input, request) =>
    sessions.sessionOf(ctx.db, tokenOf(request, isSecure(ctx))),
  )
  serve(router, api.signIn, { may: 'anyone' }, async (ctx, { body }, request, response) => {
    const email = body.email.trim().toLowerCase()
    const session = await guarded(ctx, email, cookieIn(request, deviceCookie(ctx)), () =>
      people.signIn(ctx, email, body.password, browserOf(request)),
    )
    response.cookie(deviceCookie(ctx), deviceToken(ctx, email), { ...cookieOptions(ctx), maxAge: DEVICE_MS })
    return enter(ctx, request, response, session, 'password')
  })
  serve(router, api.proveSecondFactor, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(ctx, request, response, await people.proveSecondFactor(ctx, ownToken(ctx, request), body.code), 'code'),
  )
  serve(router, api.confirmSession, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(
      ctx,
      request,
      response,
      await people.confirmSession(ctx, ownToken(ctx, request), body.password, body.code),
      'confirmation',
    ),
  )
  serve(router, api.signInOptions, { may: 'anyone', limit: PASSKEYS }, (ctx) => passkeys.signInOptions(ctx))
  serve(router, api.signInWithPasskey, { may: 'anyone', limit: PASSKEYS }, async (ctx, { body }, request, response) =>
    enter(ctx, request, response, await passkeys.signInWithPasskey(ctx, body as never, browserOf(request)), 'passkey'),
  )
  serve(router, api.signOut, { may: 'anyone' }, async (ctx, _input, request, response) => {
    const token = tokenOf(request, isSecure(ctx))
    if (token) await people.signOut(ctx, token)
    if (ctx.actor) noteSecurity(request, response, 'session.ended')
    response.set('Clear-Site-Data', '"cache"')
    response.clearCookie(cookieName(isSecure(ctx)), cookieOptions(ctx))
    return undefined
  })
  serve(router, api.readInvitation, { may: 'anyone' }, (ctx, { params }) => links.readInvitation(ctx, params.token))
  serve(router, api.acceptInvitation, { may: 'anyone' }, async (ctx, { params, body }, request, response) =>
    enter(
      ctx,
      request,
      response,
      await links.acceptInvitation(ctx, params.token, body.password, browserOf(request)),
      'password link',
    ),
  )
}

function ownRoutes(router: Router): void {
  serve(router, api.listPasskeys, { may: 'signed-in' }, (ctx) => passkeys.listPasskeys(ctx))
  serve(router, api.passkeyOptions, { may: 'signed-in', fresh: true }, (ctx) => passkeys.passkeyOptions(ctx))
  serve(router, api.addPasskey, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    await passkeys.addPasskey(ctx, body as never, browserOf(request))
    // From now on the account wants more than a password; this session has just shown it.
    const session = await sessions.strengthenSession(ctx.db, ownToken(ctx, request), 'passkey')
    await enter(ctx, request, response, session, 'passkey made')
    await tellOwner(ctx, 'passkey_added')
  })
  serve(router, api.removePasskey, { may: 'signed-in', fresh: true }, async (ctx, { params }, request, response) => {
    await passkeys.removePasskey(ctx, params.id)
    noteSecurity(request, response, 'passkey.removed')
    await tellOwner(ctx, 'passkey_removed')
  })
  serve(router, api.listSessions, { may: 'signed-in' }, (ctx) => sessions.listSessions(ctx))
  serve(router, api.endSession, { may: 'signed-in', fresh: true }, async (ctx, { params }, request, response) => {
    await sessions.endSession(ctx, params.id)
    noteSecurity(request, response, 'session.ended')
  })
  serve(router, api.changePassword, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    await people.changePassword(ctx, body.password, body.new_password)
    noteSecurity(request, response, 'password.changed')
    await tellOwner(ctx, 'password')
  })
  serve(router, api.beginSecondFactor, { may: 'signed-in', fresh: true }, (ctx) => factors.beginSecondFactor(ctx))
  serve(router, api.finishSecondFactor, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    const codes = await factors.finishSecondFactor(ctx, body.code)
    const session = await sessions.strengthenSession(ctx.db, ownToken(ctx, request), 'totp')
    await enter(ctx, request, response, session, 'second step set up')
    await tellOwner(ctx, 'second_factor')
    return codes
  })
}

// A mail costs somebody's attention; a code or a link more often than this is no one's wish.
const MAILS = { action: 'mail', points: 10, per_s: 3600 }

function citizenRoutes(router: Router): void {
  serve(router, api.register, { may: 'anyone', limit: MAILS }, (ctx, { body }) => citizens.register(ctx, body))
  serve(router, api.verifyEmail, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(ctx, request, response, await citizens.verifyEmail(ctx, body, browserOf(request)), 'mailed code'),
  )
  serve(router, api.mailPasswordLink, { may: 'anyone', limit: MAILS }, (ctx, { body }) =>
    citizens.askPasswordLink(ctx, body.email),
  )
  serve(router, api.mailReportsLink, { may: 'anyone', limit: MAILS }, (ctx, { body }) =>
    citizens.mailReportsLink(ctx, body.email),
  )
}

function phoneRoutes(router: Router): void {
  serve(router, api.sendPhoneCode, { may: 'signed-in', fresh: true }, (ctx, { body }) =>
    phones.sendPhoneCode(ctx, body.phone),
  )
  serve(router, api.verifyPhone, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    const session = await phones.verifyPhone(ctx, body.phone, body.code)
    const entered = await enter(ctx, request, response, session, 'mobile')
    await tellOwner(ctx, 'phone')
    return entered
  })
  serve(router, api.forgetPhone, { may: 'signed-in', fresh: true }, async (ctx, _input, request, response) => {
    await phones.forgetPhone(ctx)
    noteSecurity(request, response, 'phone.forgotten')
    await tellOwner(ctx, 'phone')
  })
}

const attemptCookie = (ctx: Context) => (isSecure(ctx) ? '__Host-asty_attempt' : 'asty_attempt')

function externalRoutes(router: Router): void {
  serve(router, api.listProviders, { may: 'anyone' }, async (ctx) =>
    external.providersOf(ctx).map((provider) => ({
      slug: provider.slug,
      title: provider.title,
      href: `/api/sign-in/${provider.slug}`,
      assurance: assuranceOf(provider),
    })),
  )
  serve(router, api.listIdentities, { may: 'signed-in' }, (ctx) =>
    external.listIdentities(ctx, sessions.signedIn(ctx).accountId),
  )
  serve(router, api.unlinkIdentity, { may: 'signed-in', fresh: true }, async (ctx, { params }, request, response) => {
    await external.unlinkIdentity(ctx, params.provider)
    noteSecurity(request, response, 'provider.unlinked')
    await tellOwner(ctx, 'provider_unlinked')
  })
  const begin = async (ctx: Context, response: Response, provider: string, attempt: external.Intention) => {
    const { url, sealed } = await external.beginExternal(ctx, provider, attempt)
    response.cookie(attemptCookie(ctx), sealed, { ...cookieOptions(ctx), maxAge: external.ATTEMPT_S * 1000 })
    return url
  }
  serve(
    router,
    api.linkIdentity,
    { may: 'signed-in', fresh: true },
    async (ctx, { params, body }, _request, response) => {
      const linkTo = sessions.signedIn(ctx).accountId
      return { url: await begin(ctx, response, params.provider, { returnTo: body.return, linkTo }) }
    },
  )
  // Pages, not calls: the browser goes there and comes back.
  router.get('/api/sign-in/:provider', async (request, response) => {
    const ctx: Context = response.locals['context']
    // Nobody is signed in by a link on another site: people choose so on our own page.
    if (!['same-origin', 'none'].includes(request.get('Sec-Fetch-Site') ?? 'none')) return response.redirect('/sign-in')
    const { return: path } = request.query
    const returnTo = typeof path === 'string' ? path : undefined
    response.redirect(await begin(ctx, response, request.params.provider, { returnTo, linkTo: null }))
  })
  router.get('/api/sign-in/:provider/callback', async (request, response) => {
    const ctx: Context = response.locals['context']
    const sealed = cookieIn(request, attemptCookie(ctx))
    response.clearCookie(attemptCookie(ctx), cookieOptions(ctx))
    const search = new URL(request.originalUrl, ctx.baseUrl).search
    const finish = external.finishExternal(ctx, request.params.provider, sealed, search, browserOf(request))
    await finish.then(
      async ({ session, isLinked, returnTo }) => {
        await enter(ctx, request, response, session, 'provider')
        if (isLinked) await tellOwner(ctx, 'provider_linked')
        response.redirect(returnTo)
      },
      (error: unknown) => {
        // A person stands in front of this answer: the page says it, in words.
        if (!(error instanceof ProblemError)) throw error
        noteSecurity(request, response, error.kind, { how: 'provider' })
        request.log.warn({ err: error.cause ?? error }, error.kind)
        response.redirect(`/sign-in?problem=${error.kind}`)
      },
    )
  })
}
