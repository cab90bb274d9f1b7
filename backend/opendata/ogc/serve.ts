// Documents that come as JSON or as a page, for programs of other sites too.
import type { Router } from 'express'
import type { Endpoint } from '../../core/contract.ts'
import { served } from '../../core/http/serve.ts'
import { type Answer, type Asked, send, understand } from './negotiate.ts'

export type Params = Record<string, string>
export type Verb = (asked: Asked, params: Params) => Promise<Answer>

const OPEN = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Link, Content-Crs, ETag' }

/** Binds an endpoint that anyone may read; `types`: media types of its JSON, the first for who does not mind. */
export function serveDocument(router: Router, endpoint: Endpoint, types: readonly string[], verb: Verb): void {
  served.push({ endpoint, may: 'anyone' })
  const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1')
  router.options(path, (_request, response) => {
    response.set({ ...OPEN, 'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS', Allow: 'GET, HEAD, OPTIONS' })
    response.status(204).end()
  })
  router.get(path, async (request, response) => {
    // Also to a refusal: who reads from another site may know why.
    response.set(OPEN)
    const asked = understand(request, types)
    send(response, asked, await verb(asked, request.params as Params))
  })
}
