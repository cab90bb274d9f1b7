// Lists of reports: by filters, page by page.
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type * as api from './contract.ts'
import type { StaffListQuery, StaffReportFeature } from './desk/contract.ts'
import { narrow, touching } from './desk/narrow.ts'
import {
  actorOf,
  asFeature,
  LATE_ANSWER,
  OVERDUE,
  PUBLIC_PROPERTIES,
  reports,
  STAFF_PROPERTIES,
  UNANSWERED,
} from './service.ts'
import { visibleToStaff } from './visibility.ts'
import { CLOSED, OPEN } from './workflow.ts'

export type ListQuery = z.output<typeof api.ListQuery> & Partial<z.output<typeof StaffListQuery>>

/** Statuses of a filter: names, or open and closed, separated by commas. */
function statusesOf(filter: string): readonly string[] {
  return filter
    .split(',')
    .flatMap((name): readonly string[] => (name === 'open' ? OPEN : name === 'closed' ? CLOSED : [name.trim()]))
}

/**
 * closed_at says what is open, and has the indexes. Where that is all that is asked, statuses are not named: the planner would take
 * the two for independent and expect a twentieth of what there is.
 */
function ofStatus(query: Knex.QueryBuilder, statuses: readonly string[]): void {
  const areOpen = statuses.every((status) => (OPEN as readonly string[]).includes(status))
  if (areOpen) query.whereNull('r.closed_at')
  if (!areOpen || !OPEN.every((status) => statuses.includes(status))) query.whereIn('r.status', statuses)
}

/** Narrows a query on `report as r` alone. */
export function filter(query: Knex.QueryBuilder, db: Db, f: ListQuery): Knex.QueryBuilder {
  if (f.bbox) {
    const [west, south, east, north] = f.bbox.split(',').map(Number)
    query.whereRaw(touching(db, db.raw('ST_MakeEnvelope(?, ?, ?, ?, 4326)', [west, south, east, north] as number[])))
  }
  // An array is found before anything is read; as a join it is checked last, after all that is open.
  if (f.category)
    query.whereRaw(
      `r.category_id = ANY (ARRAY(SELECT c.id FROM category AS c LEFT JOIN category AS g ON g.id = c.parent_id WHERE ? IN (c.slug, g.slug)))`,
      [f.category],
    )
  if (f.status) ofStatus(query, statusesOf(f.status))
  if (f.district) query.where('r.district', f.district)
  if (f.department) query.where('r.department_id', db('department').where({ slug: f.department }).select('id'))
  if (f.crew) query.whereIn('r.crew_id', db('crew').where({ slug: f.crew }).select('id'))
  if (f.overdue) query.whereRaw(`${OVERDUE} = ?`, [f.overdue === 'true'])
  if (f.unanswered) query.whereRaw(f.unanswered === 'late' ? LATE_ANSWER : UNANSWERED)
  if (f.channel) query.where('r.channel', f.channel)
  narrow(query, db, f)
  if (f.q) {
    query.where((q) =>
      q
        .whereIn('r.id', db('case_record').where({ protocol: f.q }).select('id'))
        .orWhere(db.raw(`position(fold(?) IN fold(r.description)) > 0`, [f.q as string])),
    )
  }
  return query
}

interface Column {
  column: string
  type: string
  /** Of it as text in a cursor. */
  schema: z.ZodType<string>
}
const moment = (column: string): Column => ({
  column,
  type: 'timestamptz',
  schema: z.iso.datetime({ offset: true }),
})
const count = (column: string): Column => ({ column, type: 'int', schema: z.string().regex(/^\d{1,9}$/) })
const ID: Column = { column: 'r.id', type: 'uuid', schema: z.uuid() }

/** What a list is sorted by, before the id. */
const ORDER: Record<'newest' | 'due' | 'people', { columns: Column[]; order: 'asc' | 'desc' }> = {
  newest: { columns: [moment('r.created_at')], order: 'desc' },
  due: { columns: [moment('r.due_at')], order: 'asc' },
  people: { columns: [count('r.people_count'), moment('r.created_at')], order: 'desc' },
}

/** Narrows a query to what comes after a cursor. */
function after(query: Knex.QueryBuilder, columns: readonly Column[], order: 'asc' | 'desc', cursor: string): void {
  const names = columns.map(({ column }) => column).join(', ')
  const values = columns.map(({ type }) => `?::${type}`).join(', ')
  query.whereRaw(`(${names}) ${order === 'asc' ? '>' : '<'} (${values})`, readCursor(columns, cursor))
}

function readCursor(columns: readonly Column[], cursor: string): string[] {
  try {
    const parts = z
      .array(z.string())
      .length(columns.length)
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return parts.map((part, n) => columns[n]!.schema.parse(part))
  } catch {
    throw problem('invalid-input', { path: 'cursor' })
  }
}

async function listFeatures<F>(
  ctx: Context,
  path: string,
  properties: string,
  f: ListQuery,
  seen: (q: Knex.QueryBuilder) => void,
) {
  const { order, columns: first } = ORDER[f.sort ?? 'newest']
  const columns = [...first, ID]
  const sorted = columns.map(({ column }) => ({ column, order }))
  const chosen = ctx.db('report as r').select('r.id').orderBy(sorted).limit(f.limit + 1) // prettier-ignore
  seen(chosen)
  filter(chosen, ctx.db, f)
  if (f.cursor) after(chosen, columns, order, f.cursor)
  // What else is told of them is read for the page, not for all that the filters let through.
  const rows: ({ sort_key: string[] } & F)[] = await reports(ctx.db)
    .join(chosen.as('chosen'), 'chosen.id', 'r.id')
    // A moment as text keeps the microseconds that a JS date would drop, so that no row is skipped between pages.
    .select(
      ...asFeature(ctx.db, properties),
      ctx.db.raw(`ARRAY[${columns.map(({ column }) => `${column}::text`).join(', ')}] AS sort_key`),
    )
    .orderBy(sorted)
  const page = rows.slice(0, f.limit)
  const last = page.at(-1)
  const { cursor: _, ...same } = f
  const link = (rel: string, cursor?: string) => ({
    rel,
    href: address(ctx, path, { ...same, cursor }),
    type: 'application/geo+json',
  })
  const next = rows.length > f.limit && last ? [link('next', cursorOf(last))] : []
  return {
    type: 'FeatureCollection' as const,
    features: page as F[],
    numberReturned: page.length,
    links: [link('self', f.cursor), ...next],
  }
}

const cursorOf = ({ sort_key }: { sort_key: string[] }) =>
  Buffer.from(JSON.stringify(sort_key.map((text) => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')))).toString(
    'base64url',
  )

function address(ctx: Context, path: string, query: Record<string, unknown>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  return `${ctx.baseUrl}${path}?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)]))}`
}

/** Public reports, newest first; keyset paging. */
export const listReports = (ctx: Context, query: z.output<typeof api.ListQuery>) =>
  listFeatures<api.ReportFeature>(ctx, '/api/reports', PUBLIC_PROPERTIES, query, (q) => q.where('r.is_public', true))

/** Reports of the caller's department or crew, newest first; keyset paging. */
export const listStaffReports = (ctx: Context, query: ListQuery) =>
  listFeatures<StaffReportFeature>(ctx, '/api/staff/reports', STAFF_PROPERTIES, query, (q) =>
    q.whereRaw(visibleToStaff(ctx.db, actorOf(ctx))),
  )
