import type { Router } from 'express'
import type { Context } from '../../core/http/context.ts'
import { openApi } from '../../core/http/openapi.ts'
import { served } from '../../core/http/serve.ts'
import { type Description, docsPage } from './page.ts'

export function docsRoutes(router: Router): void {
  router.get('/api/openapi.json', (_request, response) => {
    const ctx: Context = response.locals['context']
    response.set('Access-Control-Allow-Origin', '*').json(openApi(served, ctx.baseUrl))
  })
  router.get('/api/docs', (request, response) => {
    const ctx: Context = response.locals['context']
    const { lang } = request.query
    const language = lang === 'el' || lang === 'en' ? lang : ctx.language
    const description = openApi(served, ctx.baseUrl) as unknown as Description
    const page = docsPage({ ...ctx, language }, new URL(request.originalUrl, ctx.baseUrl), description)
    // A page may load our own style and script; the middleware has forbidden it all, as it does for data.
    response.set({ 'Content-Security-Policy': String(response.locals['pagePolicy']), 'Content-Language': language })
    response.type('text/html').send(page.text)
  })
}
