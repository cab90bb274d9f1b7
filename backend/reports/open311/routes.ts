// Open311 GeoReport v2, strict in its core; what goes beyond is marked in the contract.
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express'
import type { z } from 'zod'
import type { Endpoint, Scope } from '../../core/contract.ts'
import type { Context, Key } from '../../core/http/context.ts'
import { asProblem, invalidInput, problem, statusOf } from '../../core/http/problem.ts'
import { served } from '../../core/http/serve.ts'
import { keyOf } from '../../people/service.ts'
import { definitionInXml } from './attributes.ts'
import * as api from './contract.ts'
import { createRequest, receiveForm } from './create.ts'
import { discovery, discoveryInXml } from './discovery.ts'
import { list, send, sendErrors, type Shape } from './format.ts'
import { createUpdate } from './update.ts'
import { getRequest, getService, listRequests, listServices, listUpdates } from './read.ts'

const FORM_LIMIT = '100kb'

type Verb = (ctx: Context, request: express.Request) => Promise<unknown>

export function open311Routes(router: Router): void {
  const register = (endpoint: Endpoint, shape: Shape, before: RequestHandler[], verb: Verb) => {
    served.push({ endpoint, may: 'anyone' })
    const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1')
    const handler: RequestHandler = async (request, response) => {
      if (!['xml', 'json'].includes(String(request.params['format']))) throw problem('not-found')
      response.set({
        'Access-Control-Allow-Origin': '*',
        'Cache-Control': response.locals['context'].key ? 'no-store' : 'no-cache',
      })
      // Nobody is signed in here: a page of others must not act for its visitor.
      const ctx: Context = { ...response.locals['context'], actor: null }
      const content = await verb(ctx, request)
      response.status(endpoint.status ?? 200)
      send(response, shape, content)
    }
    router[endpoint.method === 'POST' ? 'post' : 'get'](path, ...before, handler)
  }
  const get = <Q extends z.ZodType>(
    endpoint: Endpoint<z.ZodType, Q, z.ZodType, z.ZodType>,
    shape: Shape,
    verb: (ctx: Context, query: z.output<Q>, params: Record<string, string>) => Promise<unknown>,
  ) =>
    register(endpoint, shape, [], async (ctx, request) => {
      const query = parsed(endpoint.query ?? api.Jurisdiction, request.query)
      await demandJurisdiction(ctx, (query as { jurisdiction_id?: string }).jurisdiction_id)
      return verb(ctx, query as z.output<Q>, request.params as Record<string, string>)
    })

  const requests = list('service_requests', 'request')
  const updates = list('service_request_updates', 'request_update')
  register(api.discovery, { root: 'discovery', inside: discoveryInXml }, [], (ctx) => discovery(ctx))
  get(api.listServices, list('services', 'service'), (ctx) => listServices(ctx))
  get(api.getService, { root: 'service_definition', inside: definitionInXml }, (ctx, _query, { code }) =>
    getService(ctx, code!),
  )
  get(api.listRequests, requests, listRequests)
  get(api.getRequest, requests, (ctx, query, { id }) => getRequest(ctx, id!, query))
  // Requests get their ids at once, which therefore are their own tokens.
  get(api.getToken, requests, async (ctx, _query, { id }) => {
    const found = await getRequest(ctx, id!, {})
    return found.map(({ service_request_id }) => ({ service_request_id, token: id }))
  })
  get(api.listUpdates, updates, listUpdates)
  const form = [express.urlencoded({ extended: false, limit: FORM_LIMIT }), receiveForm]
  register(api.createRequest, requests, form, async (ctx, request) => {
    const input = parsed(api.NewRequest, { api_key: request.query['api_key'], ...request.body })
    const key = await demandKey(ctx, input.api_key, 'reports.write')
    await demandJurisdiction(ctx, input.jurisdiction_id)
    const files = (request.files ?? []) as Express.Multer.File[]
    const sent = {
      form: input,
      attributes: request.body,
      photos: files.map(({ buffer }) => buffer),
      idempotencyKey: request.get('Idempotency-Key'),
      isForwarded: request.get('Open311-Forwarded-By') !== undefined,
    }
    return [await createRequest(ctx, key, sent)]
  })
  register(api.createUpdate, updates, form, async (ctx, request) => {
    const input = parsed(api.NewUpdate, { api_key: request.query['api_key'], ...request.body })
    const key = await demandKey(ctx, input.api_key, 'reports.update')
    await demandJurisdiction(ctx, input.jurisdiction_id)
    return [await createUpdate(ctx, key, input)]
  })
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true })
  if (!result.success) throw invalidInput(result.error, '')
  return result.data
}

/** Who sends has a key (GeoReport v2, POST requests); it says which program it was, not whose report it is. Uses are counted with it. */
async function demandKey(ctx: Context, given: string | undefined, scope: Scope): Promise<Key> {
  const key = ctx.key ?? (given ? await keyOf(ctx, given) : null)
  if (!key) throw problem('key-needed', { path: 'api_key' })
  if (!key.scopes.includes(scope)) throw problem('scope-missing', { values: { scope } })
  return key
}

/** Several municipalities have host names of their own, so the id may be left out; a wrong one is 404. */
async function demandJurisdiction(ctx: Context, id: string | undefined): Promise<void> {
  if (id === undefined) return
  const known = await ctx.db('area').where({ role: 'boundary', slug: id }).first('slug')
  if (!known) throw problem('unknown-jurisdiction', { path: 'jurisdiction_id' })
}

/** Everything that goes wrong below /open311, in the form that the standard has for it. */
export const open311Errors: ErrorRequestHandler = (error, _request, response, next) => {
  const known = asProblem(error)
  if (known.kind === 'unexpected' || response.headersSent) return next(error)
  sendErrors(response, known, statusOf(known.kind))
}
