// Documents that come as JSON or as a page, for programs of other sites too.
import type { Router } from 'express'
import type { Endpoint, Permission } from '../../core/contract.ts'
import { type Context, may } from '../../core/http/context.ts'
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
    const methods = methodsAt(endpoint.path, response.locals['context']).join(', ')
    response
      .set({ ...OPEN, 'Access-Control-Allow-Methods': methods, Allow: methods })
      .status(204)
      .end()
  })
  router.get(path, async (request, response) => {
    // Also to a refusal: who reads from another site may know why.
    response.set(OPEN)
    const asked = understand(request, types)
    send(response, asked, await verb(asked, request.params as Params))
  })
}

/** What this caller may do there (Part 4, 6: only what is really allowed). */
function methodsAt(path: string, { actor }: Context): string[] {
  const others = served
    .filter(({ endpoint, may: wanted }) => endpoint.path === path && may(actor, wanted as Permission))
    .map(({ endpoint }) => endpoint.method)
  return ['GET', 'HEAD', 'OPTIONS', ...new Set(others)]
}
