import { createHash } from 'node:crypto'
import type { Request, RequestHandler, Response, Router } from 'express'
import type { Language } from '../core/contract.ts'
import { dayAfter, dayInAthens } from '../core/days.ts'
import { hasVersion } from '../core/http/etag.ts'
import type { Context } from '../core/http/context.ts'
import { serve } from '../core/http/serve.ts'
import { cityName } from '../places/service.ts'
import * as api from './contract.ts'
import { asCalendar } from './ics.ts'
import { type Dated, getHappening, happenings, listHappenings } from './service.ts'

const OPEN = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag' }
const PAST_DAYS = 31
const AHEAD_DAYS = 366

export function calendarRoutes(router: Router): void {
  serve(router, api.listHappenings, { may: 'anyone' }, (ctx, { query }) => listHappenings(ctx, query))
  serve(router, api.getCalendar, { may: 'anyone', before }, async (ctx, { query }, request, response) => {
    const today = dayInAthens()
    const stretch = { from: dayAfter(today, -PAST_DAYS), to: dayAfter(today, AHEAD_DAYS), kind: query.kind ?? null }
    return send(ctx, await happenings(asAnyone(ctx), stretch), query.lang, request, response)
  })
  serve(router, api.getHappening, { may: 'anyone' }, (ctx, { params }) => getHappening(ctx, params))
  serve(router, api.happeningAsCalendar, { may: 'anyone', before }, async (ctx, { params, query }, request, response) =>
    send(ctx, [await getHappening(asAnyone(ctx), params)], query.lang, request, response),
  )
}

/** Also to a refusal: who reads from another site may know why. */
const before: RequestHandler = (_request, response, next) => void (response.set(OPEN), next())

/** Whoever subscribes is not there to be asked, so staff get what everybody gets. */
const asAnyone = (ctx: Context): Context => ({ ...ctx, actor: null })

async function send(
  ctx: Context,
  events: readonly Dated[],
  lang: Language | undefined,
  request: Request,
  response: Response,
) {
  const language = lang ?? ctx.language
  const body = asCalendar(events, { city: await cityName(ctx), baseUrl: ctx.baseUrl, language })
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  response.set({ ETag: etag, 'Cache-Control': 'public, max-age=300', 'Content-Language': language })
  if (hasVersion(request, etag)) response.status(304).end()
  else response.type('text/calendar; charset=utf-8').send(body)
  return ''
}
