import type { Response, Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { serve } from '../core/http/serve.ts'
import { getCity, getCrest } from './city.ts'
import * as api from './contract.ts'
import { sendIcon, sendManifest } from './installed.ts'
import { measure } from './measure.ts'

/** A drawing that somebody gave us must not run anything, also when it is opened by itself. */
const HARMLESS = `default-src 'none'; style-src 'unsafe-inline'; sandbox`

async function sendCrest(ctx: Context, response: Response, next: () => void): Promise<void> {
  const crest = await getCrest(ctx)
  if (!crest) return next()
  response.set({ 'Content-Security-Policy': HARMLESS, 'Cache-Control': 'no-cache' }).type('svg').send(crest)
}

export function placeRoutes(router: Router): void {
  serve(router, api.getCity, { may: 'anyone' }, (ctx) => getCity(ctx))
  serve(router, api.measure, { may: 'anyone' }, (ctx, { query }) => measure(ctx, query))
  // Without one of their own, the portal's is sent.
  router.get('/crest.svg', (_request, response, next) => sendCrest(response.locals['context'], response, next))
  router.get('/manifest.webmanifest', (_request, response) => sendManifest(response.locals['context'], response))
  router.get('/icon-:size.png', (request, response) =>
    sendIcon(response.locals['context'], Number(request.params.size), response),
  )
}
