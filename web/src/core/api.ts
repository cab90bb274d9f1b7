// Calls declared endpoints; what goes in and out is typed by the contract that the server validates with.
import type { z } from 'zod'
import type { Endpoint, Problem as ProblemBody } from '../../../backend/core/contract.ts'
import { i18n, language } from './i18n/index.ts'

/** A failure that says what happened and what to do, in the language of the page. */
export class Problem extends Error {
  readonly body: ProblemBody
  constructor(body: ProblemBody) {
    super([body.title, body.detail].filter(Boolean).join('. '))
    this.body = body
  }
}

/** Proof that a change comes from this page; told by the session. */
export const csrf: { token: string | null } = { token: null }

interface Input<P, Q, B> {
  params?: P
  query?: Q
  body?: B
  headers?: Record<string, string>
  signal?: AbortSignal
}

const filled = (path: string, params: Record<string, unknown> = {}) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))

function queryOf(query: Record<string, unknown> = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  return entries.length > 0 ? `?${new URLSearchParams(entries.map(([k, v]): [string, string] => [k, String(v)]))}` : ''
}

/** One request to our own server. Throws Problem; a lost connection is a Problem of type offline. */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  { params, query, body, headers, signal }: Input<z.input<P>, z.input<Q>, z.input<B> | FormData> = {},
): Promise<z.output<R>> {
  const isForm = body instanceof FormData
  const response = await fetch(filled(endpoint.path, params as never) + queryOf(query as never), {
    method: endpoint.method,
    signal,
    headers: {
      'Accept-Language': language.value,
      ...(csrf.token && endpoint.method !== 'GET' && { 'X-CSRF-Token': csrf.token }),
      ...(body !== undefined && !isForm && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
  }).catch((error: unknown) => {
    if ((error as Error).name === 'AbortError') throw error
    throw new Problem({ type: 'offline', title: offlineText(), status: 0 })
  })
  if (response.status === 204) return undefined as z.output<R>
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok)
    throw new Problem(
      (answer as ProblemBody | null) ?? { type: 'unknown', title: offlineText(), status: response.status },
    )
  return answer as z.output<R>
}

const offlineText = () => i18n.global.t('error.offline')
