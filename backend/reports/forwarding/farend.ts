// Open311 GeoReport v2 as a client. XML: the form that every server has.
import { XMLParser } from 'fast-xml-parser'
import type { Language } from '../../core/contract.ts'
import { askOutside, OutsideError } from '../../core/outside.ts'
import type { ForwardError, RemoteService } from './contract.ts'

const MOST_BYTES = 5_000_000
const LONGEST_WORDS = 1000

export interface FarEnd {
  url: string
  jurisdiction_id: string | null
  key: string | null
  /** Private networks that we may ask into. */
  allowed: readonly string[]
}

/** It did not do what we asked. */
export class FarEndError extends Error {
  reason: ForwardError
  status: number | null
  /** What it said. */
  words: string | null
  constructor(reason: ForwardError, status: number | null = null, words: string | null = null) {
    super(reason)
    this.reason = reason
    this.status = status
    this.words = words
  }
}

type Row = Record<string, unknown>

const LISTS = ['service', 'request', 'request_update', 'error']
const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  htmlEntities: true,
  isArray: (name) => LISTS.includes(name),
})

/** Text of an element; empty when it is not there or holds others. */
const text = (row: Row, name: string): string => (typeof row[name] === 'string' ? row[name].trim() : '')

/** Entries of a list: <requests><request/></requests>. */
function entries(body: string, root: string, entry: string): Row[] {
  // Nobody needs one here, and entities of their own are what expands without end.
  if (/<!DOCTYPE/i.test(body)) throw new FarEndError('unreadable')
  try {
    const document = parser.parse(body, true) as Record<string, Record<string, Row[]> | string>
    const list = document[root]
    if (list === undefined) throw new Error(`no ${root}`)
    return typeof list === 'string' ? [] : (list[entry] ?? []).filter((each) => typeof each === 'object')
  } catch {
    throw new FarEndError('unreadable')
  }
}

function saidWrong(body: string): string | null {
  try {
    const words = entries(body, 'errors', 'error').map((each) => text(each, 'description'))
    return words.join(' · ').slice(0, LONGEST_WORDS) || null
  } catch {
    return null
  }
}

/** Asked again these may go well; other refusals stay what they are until somebody does something. */
const PASSING = new Set([408, 425, 429])

interface Asked {
  query?: Record<string, string>
  form?: Record<string, string>
  headers?: Record<string, string>
}

async function ask(far: FarEnd, path: string, { query = {}, form, headers }: Asked = {}): Promise<string> {
  const place: Record<string, string> = far.jurisdiction_id ? { jurisdiction_id: far.jurisdiction_id } : {}
  const url = `${far.url}/${path}?${new URLSearchParams({ ...place, ...query })}`
  const answer = await askOutside({
    url,
    method: form ? 'POST' : 'GET',
    headers: {
      Accept: 'text/xml, application/xml',
      'User-Agent': 'Asty-Open311',
      ...(far.key && { 'X-API-Key': far.key }),
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      ...headers,
    },
    ...(form && { body: new URLSearchParams({ ...place, ...form }).toString() }),
    allowed: far.allowed,
    most_bytes: MOST_BYTES,
  }).catch((error: OutsideError) => {
    throw new FarEndError(error.reason)
  })
  const { status, body } = answer
  if (status >= 200 && status < 300) return body
  if (status >= 300 && status < 400) throw new FarEndError('redirect', status)
  const isFinal = status >= 400 && status < 500 && !PASSING.has(status)
  throw new FarEndError(isFinal ? 'refused' : 'status', status, saidWrong(body))
}

/** What can be requested there. Throws FarEndError. */
export async function readServices(far: FarEnd, language: Language): Promise<RemoteService[]> {
  const body = await ask(far, 'services.xml', { headers: { 'Accept-Language': language } })
  const rows = entries(body, 'services', 'service')
  return rows.map((row) => ({
    service_code: text(row, 'service_code'),
    service_name: text(row, 'service_name'),
    group: text(row, 'group'),
  }))
}

export interface Sent {
  id: string | null
  token: string | null
}

/** Sends a request. `once`: the same again is the same request, where the other end knows Idempotency-Key. Throws FarEndError. */
export async function sendRequest(
  far: FarEnd,
  form: Record<string, string>,
  { once, source }: { once: string; source: string },
): Promise<Sent> {
  const body = await ask(far, 'requests.xml', {
    form: { ...(far.key && { api_key: far.key }), ...form },
    headers: { 'Idempotency-Key': once, 'Open311-Forwarded-By': source },
  })
  const [row] = entries(body, 'service_requests', 'request')
  if (!row) throw new FarEndError('unreadable')
  return { id: text(row, 'service_request_id') || null, token: text(row, 'token') || null }
}

/** The number that a token stands for; null: there is none yet. Throws FarEndError. */
export async function readToken(far: FarEnd, token: string): Promise<string | null> {
  const [row] = entries(await ask(far, `tokens/${encodeURIComponent(token)}.xml`), 'service_requests', 'request')
  return row ? text(row, 'service_request_id') || null : null
}

export interface RemoteRequest {
  id: string
  status: string
  notes: string
  description: string
}

const asRequest = (row: Row): RemoteRequest => ({
  id: text(row, 'service_request_id'),
  status: text(row, 'status').toLowerCase(),
  notes: text(row, 'status_notes'),
  description: text(row, 'description'),
})

/** Requests as they are now. Throws FarEndError. */
export async function readRequests(far: FarEnd, query: Record<string, string>): Promise<RemoteRequest[]> {
  return entries(await ask(far, 'requests.xml', { query }), 'service_requests', 'request').map(asRequest)
}

export interface RemoteUpdate {
  id: string
  request_id: string
  status: string
  words: string
}

/** What happened to requests, oldest first (extension). Throws FarEndError. */
export async function readUpdates(far: FarEnd, query: Record<string, string>): Promise<RemoteUpdate[]> {
  const body = await ask(far, 'servicerequestupdates.xml', { query })
  return entries(body, 'service_request_updates', 'request_update').map((row) => ({
    id: text(row, 'update_id'),
    request_id: text(row, 'service_request_id'),
    // The finer word where there is one: Asty's own extension.
    status: text(row, 'detailed_status') || text(row, 'status'),
    words: text(row, 'description'),
  }))
}
