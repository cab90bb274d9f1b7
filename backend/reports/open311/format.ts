// How Open311 GeoReport v2 writes: XML with an element for each entry, JSON as bare lists; dates with a zone, ids as texts.
import type { Response } from 'express'
import { XMLBuilder } from 'fast-xml-parser'
import type { Language } from '../../core/contract.ts'
import { type Context } from '../../core/http/context.ts'
import type { ProblemError } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { writable } from '../../core/xml.ts'

const builder = new XMLBuilder({ suppressEmptyNode: true, processEntities: true })

/** How a document is written in XML: its root, and what is in it. */
export interface Shape {
  root: string
  inside: (content: never) => unknown
}

/** A list: the root holds an element for each entry. */
export const list = (root: string, entry: string): Shape => ({ root, inside: (content) => ({ [entry]: content }) })

/** Sends a document in the form that the address ends with. */
export function send(response: Response, { root, inside }: Shape, content: unknown): void {
  if (response.req.originalUrl.split('?')[0]?.endsWith('.json')) {
    return void response.type('application/json').send(JSON.stringify(content))
  }
  const body = builder.build({ [root]: inside(content as never) })
  const document = `<?xml version="1.0" encoding="utf-8"?>\n${writable(body) || `<${root}/>`}\n`
  response.set('Content-Type', 'text/xml; charset=utf-8').send(document)
}

/** Time with a zone, seconds. */
export const datetime = (value: string | Date | null): string | null =>
  value === null ? null : new Date(value).toISOString().replace(/\.\d+Z$/, 'Z')

/** 403 wants a key, 404 names what is not there, everything else that is the caller's fault is 400. */
const statusOf = (status: number): number =>
  status >= 500 || [403, 404, 413, 429].includes(status) ? status : status === 401 ? 403 : 400

interface Failure {
  code: number
  description: string
}

/** What a field is called in a form of Open311. */
const asSent = (path: string) =>
  path === 'category' ? 'service_code' : path.replace(/^answers\.(\w+)/, 'attribute[$1]')

/** A problem as a list of errors, one for each bad field. */
export function sendErrors(response: Response, error: ProblemError, status: number): void {
  const ctx: Context | undefined = response.locals['context']
  const language: Language = ctx?.language ?? 'el'
  const code = statusOf(status)
  const detail = text(language, `problem.${error.kind}.detail`, error.values(language))
  const fields = error.errors.map(({ path, message }): Failure => ({ code, description: `${asSent(path)}: ${message(language)}` })) // prettier-ignore
  const failures = fields.length > 0 ? fields : [{ code, description: detail }]
  response.status(code).set({ 'Cache-Control': 'no-store', ...error.headers })
  send(response, list('errors', 'error'), failures)
}
