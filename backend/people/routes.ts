import type { Request, Response, Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { problem, ProblemError } from '../core/http/problem.ts'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import * as factors from './secondfactor.ts'
import * as passkeys from './passkeys.ts'
import * as links from './passwordlinks.ts'
import * as people from './service.ts'
import * as sessions from './sessions.ts'
import * as staff from './staff.ts'
import * as citizens from './citizens.ts'
import * as external from './external.ts'
import * as phones from './phones.ts'
import { assuranceOf } from './providers.ts'
import { deviceToken, guarded } from './throttle.ts'
import { listAudit } from './trail.ts'

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

/** Hands the token over in the cookie and answers with the session. */
async function enter(ctx: Context, response: Response, { token, maxAge_s }: sessions.NewSession) {
  response.cookie(cookieName(isSecure(ctx)), token, { ...cookieOptions(ctx), maxAge: maxAge_s * 1000 })
  return sessions.sessionOf(ctx.db, token)
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
  staffRoutes(router)
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
    return enter(ctx, response, session)
  })
  serve(router, api.proveSecondFactor, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(ctx, response, await people.proveSecondFactor(ctx, ownToken(ctx, request), body.code)),
  )
  serve(router, api.confirmSession, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(ctx, response, await people.confirmSession(ctx, ownToken(ctx, request), body.password, body.code)),
  )
  serve(router, api.signInOptions, { may: 'anyone', limit: PASSKEYS }, (ctx) => passkeys.signInOptions(ctx))
  serve(router, api.signInWithPasskey, { may: 'anyone', limit: PASSKEYS }, async (ctx, { body }, request, response) =>
    enter(ctx, response, await passkeys.signInWithPasskey(ctx, body as never, browserOf(request))),
  )
  serve(router, api.signOut, { may: 'anyone' }, async (ctx, _input, request, response) => {
    const token = tokenOf(request, isSecure(ctx))
    if (token) await people.signOut(ctx, token)
    response.clearCookie(cookieName(isSecure(ctx)), cookieOptions(ctx))
    return undefined
  })
  serve(router, api.readInvitation, { may: 'anyone' }, (ctx, { params }) => links.readInvitation(ctx, params.token))
  serve(router, api.acceptInvitation, { may: 'anyone' }, async (ctx, { params, body }, request, response) =>
    enter(ctx, response, await links.acceptInvitation(ctx, params.token, body.password, browserOf(request))),
  )
}

function ownRoutes(router: Router): void {
  serve(router, api.listPasskeys, { may: 'signed-in' }, (ctx) => passkeys.listPasskeys(ctx))
  serve(router, api.passkeyOptions, { may: 'signed-in', fresh: true }, (ctx) => passkeys.passkeyOptions(ctx))
  serve(router, api.addPasskey, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    await passkeys.addPasskey(ctx, body as never, browserOf(request))
    // From now on the account wants more than a password; this session has just shown it.
    await enter(ctx, response, await sessions.strengthenSession(ctx.db, ownToken(ctx, request), 'passkey'))
  })
  serve(router, api.removePasskey, { may: 'signed-in', fresh: true }, (ctx, { params }) =>
    passkeys.removePasskey(ctx, params.id),
  )
  serve(router, api.listSessions, { may: 'signed-in' }, (ctx) => sessions.listSessions(ctx))
  serve(router, api.endSession, { may: 'signed-in' }, (ctx, { params }) => sessions.endSession(ctx, params.id))
  serve(router, api.changePassword, { may: 'signed-in' }, (ctx, { body }) =>
    people.changePassword(ctx, body.password, body.new_password),
  )
  serve(router, api.beginSecondFactor, { may: 'signed-in', fresh: true }, (ctx) => factors.beginSecondFactor(ctx))
  serve(router, api.finishSecondFactor, { may: 'signed-in' }, async (ctx, { body }, request, response) => {
    const codes = await factors.finishSecondFactor(ctx, body.code)
    await enter(ctx, response, await sessions.strengthenSession(ctx.db, ownToken(ctx, request), 'totp'))
    return codes
  })
}

// A mail costs somebody's attention; a code or a link more often than this is no one's wish.
const MAILS = { action: 'mail', points: 10, per_s: 3600 }

function citizenRoutes(router: Router): void {
  serve(router, api.register, { may: 'anyone', limit: MAILS }, (ctx, { body }) => citizens.register(ctx, body))
  serve(router, api.verifyEmail, { may: 'anyone' }, async (ctx, { body }, request, response) =>
    enter(ctx, response, await citizens.verifyEmail(ctx, body, browserOf(request))),
  )
  serve(router, api.mailPasswordLink, { may: 'anyone', limit: MAILS }, (ctx, { body }) =>
    citizens.askPasswordLink(ctx, body.email),
  )
  serve(router, api.mailReportsLink, { may: 'anyone', limit: MAILS }, (ctx, { body }) =>
    citizens.mailReportsLink(ctx, body.email),
  )
}

function phoneRoutes(router: Router): void {
  serve(router, api.sendPhoneCode, { may: 'signed-in' }, (ctx, { body }) => phones.sendPhoneCode(ctx, body.phone))
  serve(router, api.verifyPhone, { may: 'signed-in' }, async (ctx, { body }, _request, response) =>
    enter(ctx, response, await phones.verifyPhone(ctx, body.phone, body.code)),
  )
  serve(router, api.forgetPhone, { may: 'signed-in' }, (ctx) => phones.forgetPhone(ctx))
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
  serve(router, api.unlinkIdentity, { may: 'signed-in', fresh: true }, (ctx, { params }) =>
    external.unlinkIdentity(ctx, sessions.signedIn(ctx).accountId, params.provider),
  )
  // Pages, not calls: the browser goes there and comes back.
  router.get('/api/sign-in/:provider', async (request, response) => {
    const ctx: Context = response.locals['context']
    const { return: returnTo, link } = request.query
    const linkTo = link === '1' ? sessions.signedIn(ctx).accountId : null
    const path = typeof returnTo === 'string' ? returnTo : undefined
    const { url, sealed } = await external.beginExternal(ctx, request.params.provider, path, linkTo)
    response.cookie(attemptCookie(ctx), sealed, { ...cookieOptions(ctx), maxAge: external.ATTEMPT_S * 1000 })
    response.redirect(url)
  })
  router.get('/api/sign-in/:provider/callback', async (request, response) => {
    const ctx: Context = response.locals['context']
    const sealed = cookieIn(request, attemptCookie(ctx))
    response.clearCookie(attemptCookie(ctx), cookieOptions(ctx))
    const search = new URL(request.originalUrl, ctx.baseUrl).search
    const finish = external.finishExternal(ctx, request.params.provider, sealed, search, browserOf(request))
    await finish.then(
      async ({ session, returnTo }) => {
        await enter(ctx, response, session)
        response.redirect(returnTo)
      },
      (error: unknown) => {
        // A person stands in front of this answer: the page says it, in words.
        if (!(error instanceof ProblemError)) throw error
        request.log.warn({ err: error.cause ?? error }, error.kind)
        response.redirect(`/sign-in?problem=${error.kind}`)
      },
    )
  })
}

function staffRoutes(router: Router): void {
  serve(router, api.listDepartments, { may: 'staff.read' }, (ctx) => people.listDepartments(ctx))
  serve(router, api.listPeople, { may: 'people.manage' }, (ctx, { query }) => staff.listPeople(ctx, query.email))
  serve(router, api.invite, { may: 'people.manage', fresh: true }, (ctx, { body }) => staff.invite(ctx, body))
  serve(router, api.grantRole, { may: 'people.manage', fresh: true }, (ctx, { params, body }) =>
    staff.grantRole(ctx, params.id, body),
  )
  serve(router, api.revokeGrant, { may: 'people.manage', fresh: true }, (ctx, { params }) =>
    staff.revokeGrant(ctx, params.id, params.grant),
  )
  serve(router, api.disablePerson, { may: 'people.manage', fresh: true }, (ctx, { params, body }) =>
    staff.disablePerson(ctx, params.id, body.is_disabled),
  )
  serve(router, api.listAudit, { may: 'audit.read' }, (ctx, { query }) => listAudit(ctx, query))
}
