// serve() binds a declared endpoint to a verb: permission, validation in, allow-list out.
import type { Request, RequestHandler, Response, Router } from 'express'
import type { z } from 'zod'
import type { Endpoint, Permission, Scope } from '../contract.ts'
import { actorOfKey, type Context, type Key, may } from './context.ts'
import type { Limit } from './limits.ts'
import { invalidInput, problem } from './problem.ts'

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  headers: Request['headers']
}

export interface Served {
  endpoint: Endpoint
  may: Rules['may']
  scope?: Scope
}

/** Everything that is served, for OpenAPI and the architecture tests. */
export const served: Served[] = []

interface Rules {
  /** Who may call it; said for every endpoint. */
  may: Permission | 'anyone' | 'signed-in'
  /** Programs may call it for an account with a key of this scope; without one, keys open nothing here. */
  scope?: Scope
  /** Dangerous acts: who it is must have been proven within the last minutes. */
  fresh?: boolean
  /** How often one caller may do it: an account, or an address without one. */
  limit?: Limit
  /** Middleware of this endpoint alone, e.g. for uploads. */
  before?: RequestHandler
}

type Verb<P, Q, B, R> = (ctx: Context, input: Input<P, Q, B>, request: Request, response: Response) => Promise<R>

/** Registers the endpoint. The verb's result leaves only as far as the response schema names it. */
export function serve<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  router: Router,
  endpoint: Endpoint<P, Q, B, R>,
  rules: Rules,
  verb: Verb<z.output<P>, z.output<Q>, z.output<B>, z.input<R>>,
): void {
  served.push({ endpoint, may: rules.may, scope: rules.scope })
  // Before any middleware of the endpoint: a stranger's file is not even taken.
  const door: RequestHandler = async (_request, response, next) => {
    const ctx: Context = response.locals['context']
    if (ctx.key) useKey(ctx, ctx.key, rules)
    demand(ctx, rules)
    // Uses of a key are counted by themselves.
    const isCounted = ctx.key && rules.scope
    if (rules.limit && !isCounted)
      await ctx.limits.take(rules.limit, ctx.actor ? `account:${ctx.actor.accountId}` : ctx.address)
    next()
  }
  const handler: RequestHandler = async (request, response) => {
    const ctx: Context = response.locals['context']
    // Whoever holds such a link may read what is behind it: no cache on the way keeps it.
    if (endpoint.path.includes('{token}')) response.set('Cache-Control', 'no-store')
    const input = readInput(endpoint, request)
    const result = await verb(ctx, input as never, request, response)
    if (response.headersSent) return
    response.status(endpoint.status ?? 200)
    if (endpoint.status === 204) response.end()
    else response.json(endpoint.response.parse(result))
  }
  const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1')
  const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete'
  router[method](path, door, ...(rules.before ? [rules.before] : []), handler)
}

/** Lets the key act where its scope is asked for. Throws scope-missing. */
function useKey(ctx: Context, key: Key, { may: wanted, scope }: Rules): void {
  if (scope && key.scopes.includes(scope)) ctx.actor = actorOfKey(key)
  else if (scope || wanted !== 'anyone') throw problem('scope-missing', { extra: { scope: scope ?? null } })
}

const FRESH_MS = 10 * 60 * 1000

function demand({ actor }: Context, { may: wanted, fresh }: Rules): void {
  if (wanted === 'anyone') return
  if (!actor) throw problem('sign-in-needed')
  if (actor.needs === 'second_factor') throw problem('second-factor-needed')
  if (wanted !== 'signed-in' && actor.needs === 'enrolment') throw problem('enrolment-needed')
  if (wanted !== 'signed-in' && !may(actor, wanted)) throw problem('not-allowed')
  if (fresh && Date.now() - actor.authenticatedAt.getTime() > FRESH_MS) throw problem('confirm-needed')
}

function readInput(endpoint: Endpoint, request: Request) {
  return {
    params: read(endpoint.params, request.params, ''),
    query: read(endpoint.query, request.query, ''),
    body: read(endpoint.body, request.body, ''),
    headers: request.headers,
  }
}

function read(schema: z.ZodType | undefined, value: unknown, prefix: string): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value, { reportInput: true })
  if (!parsed.success) throw invalidInput(parsed.error, prefix)
  return parsed.data
}
