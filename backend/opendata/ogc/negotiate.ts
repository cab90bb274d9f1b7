// Which form of a document the caller wants, and the sending of it.
import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Language } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { hasVersion } from '../../core/http/etag.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { isTaking } from '../usage/counter.ts'
import type { Page } from './markup.ts'
import { type Link, HTML } from './links.ts'

export type Form = 'json' | 'html'

/** One request, understood as far as every document needs. */
export interface Asked {
  ctx: Context
  /** The address that was called, as the caller sees it. */
  address: URL
  form: Form
  query: Record<string, unknown>
}

export interface Answer {
  /** JSON text, or its bytes in pieces. */
  json: () => string | readonly Buffer[]
  type: string
  html: () => Page
  links?: readonly Link[]
  headers?: Record<string, string>
  /** Slug of the dataset whose features it holds. */
  dataset?: string
  /** Version of the content; no tag without one. */
  version?: string
}

/** Reads form (parameter f before the header Accept) and language (lang before Accept-Language). Throws bad-parameter, not-acceptable. */
export function understand(request: Request, types: readonly string[]): Asked {
  const ctx: Context = request.res?.locals['context']
  const query = request.query as Record<string, unknown>
  const language = query['lang'] === undefined ? ctx.language : languageIn(query['lang'])
  return {
    ctx: { ...ctx, language },
    address: new URL(request.originalUrl, ctx.baseUrl),
    form: query['f'] === undefined ? accepted(request, types) : formIn(query['f']),
    query,
  }
}

function languageIn(value: unknown): Language {
  if (value !== 'el' && value !== 'en') throw badParameter('lang', 'parameter.one_of', { known: 'el, en' })
  return value
}

function formIn(value: unknown): Form {
  if (value !== 'json' && value !== 'html') throw badParameter('f', 'parameter.one_of', { known: 'json, html' })
  return value
}

function accepted(request: Request, types: readonly string[]): Form {
  const best = request.accepts([...types, 'application/json', HTML])
  if (!best) throw problem('not-acceptable', { values: { types: [...types, HTML].join(', ') } })
  return best === HTML ? 'html' : 'json'
}

/** Sends an answer in the form that was asked for. */
export function send(response: Response, { ctx, form, address }: Asked, answer: Answer): void {
  response.set({
    'Cache-Control': 'public, max-age=60, stale-while-revalidate=600',
    'Content-Language': ctx.language,
    ...answer.headers,
  })
  response.vary('Accept')
  if (answer.links) response.set('Link', answer.links.map(asHeader).join(', '))
  if (answer.version) {
    const etag = `"${answer.version}-${form}-${ctx.language}-${digest(address.href)}"`
    response.set('ETag', etag)
    if (hasVersion(response.req, etag)) return void response.status(304).end()
  }
  // Pages are for looking at, by people and by search engines; data is what counts.
  if (form === 'json' && answer.dataset) isTaking(response, { dataset: answer.dataset, format: 'ogc' })
  if (form === 'json') return sendJson(response, answer)
  // A page may load our own style and script; the middleware has forbidden it all, as it does for data.
  response.set('Content-Security-Policy', String(response.locals['pagePolicy']))
  response.type(HTML).send(answer.html().text)
}

function sendJson(response: Response, { type, json }: Answer): void {
  const content = json()
  response.type(`${type}; charset=utf-8`)
  if (typeof content === 'string') return void response.send(content)
  response.set('Content-Length', String(content.reduce((sum, piece) => sum + piece.length, 0)))
  // In one go to the network, without a copy of it all. What packs the answer writes later, and would wait for a corked one for ever.
  response.cork()
  for (const piece of content) response.write(piece)
  response.uncork()
  response.end()
}

// RFC 8288; header values are ASCII.
const asHeader = ({ href, rel, type }: Link) => `<${href}>; rel="${rel}"; type="${type}"`

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 16)
