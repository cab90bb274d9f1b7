import type { Request, Response, Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import { listDepartments, SESSION_S, signIn, signOut, whoAmI } from './service.ts'

const COOKIE = 'asty_session'

/** The session token in the request's cookie. */
export function tokenOf(request: Request): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')
  return match?.[1]
}

const cookieOptions = (ctx: Context) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: ctx.baseUrl.startsWith('https:') }) as const

export function peopleRoutes(router: Router): void {
  serve(router, api.getSession, { may: 'anyone' }, (ctx) => whoAmI(ctx))

  serve(router, api.signIn, { may: 'anyone' }, async (ctx, { body }, _request, response: Response) => {
    const { token, session } = await signIn(ctx, body.email, body.password)
    response.cookie(COOKIE, token, { ...cookieOptions(ctx), maxAge: SESSION_S * 1000 })
    return session
  })

  serve(router, api.signOut, { may: 'anyone' }, async (ctx, _input, request, response) => {
    const token = tokenOf(request)
    if (token) await signOut(ctx, token)
    response.clearCookie(COOKIE, cookieOptions(ctx))
    return undefined
  })

  serve(router, api.listDepartments, { may: 'staff.read' }, (ctx) => listDepartments(ctx))
}
