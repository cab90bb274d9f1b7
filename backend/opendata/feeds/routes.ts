import { createHash } from 'node:crypto'
import type { RequestHandler, Router } from 'express'
import { type Form, forms } from '../../core/feeds.ts'
import { hasVersion } from '../../core/http/etag.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { reportFeed } from './reports.ts'

const OPEN = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag, Link' }

export function feedRoutes(router: Router): void {
  feed(router, api.reportsAsAtom, 'atom')
  feed(router, api.reportsAsRss, 'rss')
  feed(router, api.reportsAsJson, 'json')
}

function feed(router: Router, endpoint: typeof api.reportsAsAtom, form: Form): void {
  const { type, write } = forms[form]
  // Pages of other sites ask first when they want to send If-None-Match.
  router.options(endpoint.path, (_request, response) => {
    const methods = 'GET, HEAD, OPTIONS'
    const asked = { 'Access-Control-Allow-Methods': methods, 'Access-Control-Allow-Headers': 'If-None-Match' }
    response
      .set({ ...OPEN, ...asked, Allow: methods })
      .status(204)
      .end()
  })
  // Also to a refusal: who reads from another site may know why.
  const before: RequestHandler = (_request, response, next) => void (response.set(OPEN), next())
  serve(router, endpoint, { may: 'anyone', before }, async (ctx, { query }, request, response) => {
    const made = await reportFeed({ ...ctx, language: query.lang ?? ctx.language }, query, form)
    const body = write(made)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    response.set({
      ETag: etag,
      'Cache-Control': 'public, max-age=60, stale-while-revalidate=600',
      'Content-Language': made.language,
      Link: `<${made.self}>; rel="self"; type="${type}", <${made.page}>; rel="alternate"; type="text/html"`,
    })
    if (hasVersion(request, etag)) response.status(304).end()
    else response.type(`${type}; charset=utf-8`).send(body)
    return ''
  })
}
