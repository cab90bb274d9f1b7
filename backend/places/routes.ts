import type { Response, Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { serve } from '../core/http/serve.ts'
import { cityTitle, getCity, getCrest } from './city.ts'
import * as api from './contract.ts'
import { measure } from './measure.ts'

/** A drawing that somebody gave us must not run anything, also when it is opened by itself. */
const HARMLESS = `default-src 'none'; style-src 'unsafe-inline'; sandbox`

async function sendCrest(ctx: Context, response: Response, next: () => void): Promise<void> {
  const crest = await getCrest(ctx)
  if (!crest) return next()
  response.set({ 'Content-Security-Policy': HARMLESS, 'Cache-Control': 'no-cache' }).type('svg').send(crest)
}

/** What a phone shows of the portal that was put on its home screen (W3C Web Application Manifest). */
async function sendManifest(ctx: Context, response: Response): Promise<void> {
  const name = (await cityTitle(ctx))[ctx.language]
  response.type('application/manifest+json').send(
    JSON.stringify({
      name,
      short_name: name,
      lang: ctx.language,
      id: '/',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      theme_color: '#0b5c8f',
      background_color: '#ffffff',
      icons: [{ src: '/crest.svg', sizes: 'any', type: 'image/svg+xml' }],
    }),
  )
}

export function placeRoutes(router: Router): void {
  serve(router, api.getCity, { may: 'anyone' }, (ctx) => getCity(ctx))
  serve(router, api.measure, { may: 'anyone' }, (ctx, { query }) => measure(ctx, query))
  // Without one of their own, the portal's is sent.
  router.get('/crest.svg', (_request, response, next) => sendCrest(response.locals['context'], response, next))
  router.get('/manifest.webmanifest', (_request, response) => sendManifest(response.locals['context'], response))
}
