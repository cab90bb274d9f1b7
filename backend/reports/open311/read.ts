// Reading: services, service requests and their updates.
import type { Localised } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { listCategories } from '../categories/read.ts'
import type { Question } from '../forms/contract.ts'
import { attributeOf } from './attributes.ts'
import { datetime } from './format.ts'
import type { RequestsQuery, UpdatesQuery } from './contract.ts'

const DAY_MS = 86_400_000
/** GeoReport v2, GET requests: 90 days or 1000 requests, whichever is less. */
export const LONGEST_SPAN_DAYS = 90
export const MOST_REQUESTS = 1000

/** What can be reported: categories that can be chosen, with their group. */
export async function listServices(ctx: Context) {
  const categories = await listCategories(ctx)
  const groups = new Map(categories.map(({ slug, title }) => [slug, title]))
  return categories
    .filter(({ parent }) => parent !== null)
    .map(({ slug, title, description, keywords, parent, questions }) => ({
      service_code: slug,
      service_name: title[ctx.language],
      description: description[ctx.language],
      metadata: questions.length > 0,
      type: 'realtime',
      keywords: keywords.join(','),
      group: groups.get(parent ?? '')?.[ctx.language] ?? '',
    }))
}

/** Definition of a service: what it asks. Throws not-found. */
export async function getService(ctx: Context, code: string) {
  const questions = await questionsOf(ctx, code)
  if (!questions) throw problem('not-found')
  const attributes = questions.map((question, index) => attributeOf(question, index + 1, questions, ctx.language))
  return { service_code: code, attributes }
}

/** The questions of a service; undefined: there is no such service. */
export async function questionsOf(ctx: Context, code: string): Promise<Question[] | undefined> {
  const categories = await listCategories(ctx)
  return categories.find(({ slug, parent }) => slug === code && parent !== null)?.questions
}

interface Row {
  service_request_id: string
  status: string
  status_notes: string | null
  service_name: Localised
  service_code: string
  description: string
  agency_responsible: Localised | null
  requested_datetime: string
  updated_datetime: string
  expected_datetime: string
  address: Localised | null
  lat: number
  long: number
  photo_id: string | null
  report_id: string
  detailed_status: string
  district: string | null
  /** WKT, longitude first. */
  shape: string | null
  asset_key: string | null
}

type Asked = Partial<RequestsQuery> & Pick<RequestsQuery, 'page' | 'page_size'>

/** Public service requests, newest first. Throws bad-parameter. */
export async function listRequests(ctx: Context, asked: Asked) {
  const query = asked.service_request_id ? onlyIds(asked) : asked
  const { from, to } = spanOf('start_date', query.start_date, query.end_date, isSync(query))
  if (!isWhole([query.lat, query.long, query.radius])) throw badParameter('radius', 'open311.circle')
  const rows = await reading(ctx, (db) =>
    sql<Row>(db, 'reports/open311_requests', {
      protocols: protocolsOf(query.service_request_id),
      codes: listOf(query.service_code),
      statuses: listOf(query.status),
      start_at: from,
      end_at: to,
      updated_after: query.updated_after ?? null,
      updated_before: query.updated_before ?? null,
      lon: query.long ?? null,
      lat: query.lat ?? null,
      radius_m: query.radius ?? null,
      max_rows: query.page_size,
      offset_rows: (query.page - 1) * query.page_size,
      sender_id: senderOf(ctx),
    }),
  )
  return rows.map((row) => asRequest(ctx, row, query.extensions === 'true'))
}

/** Ids override everything else (GeoReport v2, GET requests). */
const onlyIds = ({ service_request_id, page, page_size, extensions }: Asked): Asked => ({
  service_request_id,
  page,
  page_size,
  extensions,
})

/** One service request, as a list of one. Throws not-found, also for private ones. */
export async function getRequest(ctx: Context, id: string, query: Pick<RequestsQuery, 'extensions'>) {
  const [found] = await listRequests(ctx, { ...query, service_request_id: id, page: 1, page_size: 1 })
  if (!found) throw problem('not-found')
  return [found]
}

// Elements that are empty are there all the same: strict readers want them, others do not mind.
function asRequest({ language, baseUrl }: Context, row: Row, hasExtensions: boolean) {
  return {
    service_request_id: row.service_request_id,
    status: row.status,
    status_notes: row.status_notes,
    service_name: row.service_name[language],
    service_code: row.service_code,
    description: row.description,
    agency_responsible: row.agency_responsible?.[language] ?? null,
    service_notice: null,
    requested_datetime: datetime(row.requested_datetime),
    updated_datetime: datetime(row.updated_datetime),
    expected_datetime: datetime(row.expected_datetime),
    address: row.address?.[language] ?? null,
    address_id: null,
    zipcode: null,
    lat: row.lat,
    long: row.long,
    media_url: row.photo_id && `${baseUrl}/api/photos/${row.photo_id}`,
    ...(hasExtensions && {
      extended_attributes: {
        detailed_status: row.detailed_status,
        district: row.district,
        shape: row.shape,
        asset_id: row.asset_key,
        url: `${baseUrl}/reports/${row.report_id}`,
      },
    }),
  }
}

/** What was told about public requests, oldest first (extension: service request updates). Throws bad-parameter. */
export async function listUpdates(ctx: Context, query: UpdatesQuery) {
  const { from, to } = spanOf('start_date', query.start_date, query.end_date, false)
  const rows = await reading(ctx, (db) =>
    sql<{ updated_datetime: string; update_id: string }>(db, 'reports/open311_updates', {
      protocols: protocolsOf(query.service_request_id),
      start_at: from,
      end_at: to,
      max_rows: MOST_REQUESTS,
      sender_id: senderOf(ctx),
    }),
  )
  return rows.map((row) => ({ ...row, updated_datetime: datetime(row.updated_datetime), media_url: null }))
}

/** Whose key it is, when it reads what it has sent itself, private requests too. */
const senderOf = ({ key }: Context) => (key?.scopes.includes('reports.own') ? key.accountId : null)

/** Who follows changes asks by them, however old the request is. */
const isSync = ({ updated_after, service_request_id }: Partial<RequestsQuery>) =>
  Boolean(updated_after ?? service_request_id)

/** The span of time that is asked for: ninety days back from its end, or onwards from its start, unless both are said. */
function spanOf(name: string, start: string | undefined, end: string | undefined, isUnlimited: boolean) {
  if (isUnlimited) return { from: start ?? '-infinity', to: end ?? 'infinity' }
  const span_ms = LONGEST_SPAN_DAYS * DAY_MS
  const to = end ? Date.parse(end) : start ? Date.parse(start) + span_ms : Date.now()
  const from = start ? Date.parse(start) : to - span_ms
  if (from > to || to - from > span_ms) throw badParameter(name, 'open311.span', { days: LONGEST_SPAN_DAYS })
  // What comes in this very moment counts too.
  const last = (end ?? start) ? to : to + DAY_MS
  return { from: new Date(from).toISOString(), to: new Date(last).toISOString() }
}

const isWhole = (parts: readonly unknown[]) => parts.every((part) => part === undefined) || !parts.includes(undefined)

const listOf = (text: string | undefined): string[] | null => (text ? text.split(',').map((part) => part.trim()) : null)

/** Numbers as Asty writes them, from ids; a slash would be a new part of the address. */
const protocolsOf = (text: string | undefined): string[] | null =>
  listOf(text)?.map((id) => id.replace('-', '/')) ?? null
