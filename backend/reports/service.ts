// Reading reports: public lists, the staff inbox, one report with its story.
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import type { Actor, Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { sql } from '../core/db/sql.ts'
import type { Category, ReportDetail, StaffReportDetail, Status } from './contract.ts'
import type * as api from './contract.ts'
import { CLOSED, moves, OPEN } from './workflow.ts'
import { visibleToStaff } from './visibility.ts'

export { findByProtocol } from './find.ts'
export { type PublicReports, publicReports } from './published.ts'

type ListQuery = z.output<typeof api.StaffListQuery>
type Row = StaffReportDetail

// What is not needed is not read: the first letter of the name, the domain, the last digits.
const MASKED_CONTACT = `
  CASE WHEN r.contact IS NOT NULL THEN jsonb_build_object(
    'name', left(r.contact->>'name', 1) || '…',
    'email', left(r.contact->>'email', 1) || '…@' || split_part(r.contact->>'email', '@', 2),
    'phone', '…' || right(r.contact->>'phone', 2)) END AS contact`

const PROPERTIES = `
  'protocol', k.protocol, 'status', r.status,
  'category', jsonb_build_object('slug', c.slug, 'title', c.title), 'icon', c.icon, 'colour', c.colour,
  'description', r.description, 'district', r.place->'district', 'address', r.place #> '{address,title}',
  'department', CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END,
  'created_at', to_json(r.created_at), 'updated_at', to_json(r.updated_at), 'due_at', to_json(r.due_at)`
const PUBLIC_PROPERTIES = `${PROPERTIES},
  'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id AND p.published_at IS NOT NULL)`
/** For the reporter: with the photos that are not published. */
export const OWN_PROPERTIES = `${PROPERTIES},
  'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id)`
const STAFF_PROPERTIES = `${OWN_PROPERTIES},
  'crew', CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END,
  'is_public', r.is_public, 'is_overdue', r.closed_at IS NULL AND r.due_at < now(), 'channel', r.channel`

export const reports = (db: Db) =>
  db('report as r')
    .join('case_record as k', 'k.id', 'r.id')
    .join('category as c', 'c.id', 'r.category_id')
    .leftJoin('category as g', 'g.id', 'c.parent_id')
    .leftJoin('department as d', 'd.id', 'r.department_id')
    .leftJoin('crew as w', 'w.id', 'r.crew_id')

export const asFeature = (db: Db, properties: string) => [
  db.raw(`'Feature' AS type`),
  'r.id',
  db.raw(`ST_AsGeoJSON(r.geom, 6)::jsonb AS geometry`),
  db.raw(`jsonb_build_object(${properties}) AS properties`),
]

/** Statuses of a filter: names, or open and closed, separated by commas. */
function statusesOf(filter: string): readonly string[] {
  return filter
    .split(',')
    .flatMap((name): readonly string[] => (name === 'open' ? OPEN : name === 'closed' ? CLOSED : [name.trim()]))
}

function filter(query: Knex.QueryBuilder, db: Db, f: ListQuery): Knex.QueryBuilder {
  if (f.bbox) {
    const [west, south, east, north] = f.bbox.split(',').map(Number)
    query.whereRaw('r.geom && ST_MakeEnvelope(?, ?, ?, ?, 4326)', [west, south, east, north] as number[])
  }
  if (f.category) query.where((q) => q.where('c.slug', f.category).orWhere('g.slug', f.category))
  if (f.status) query.whereIn('r.status', statusesOf(f.status))
  if (f.district) query.where('r.district', f.district)
  if (f.department) query.where('d.slug', f.department)
  if (f.crew) query.where('w.slug', f.crew)
  if (f.overdue) query.whereRaw(`(r.closed_at IS NULL AND r.due_at < now()) = ?`, [f.overdue === 'true'])
  if (f.q) {
    query.where((q) =>
      q.where('k.protocol', f.q).orWhere(db.raw(`position(fold(?) IN fold(r.description)) > 0`, [f.q as string])),
    )
  }
  return query
}

const Cursor = z.tuple([z.iso.datetime({ offset: true }), z.uuid()])

function readCursor(cursor: string): [string, string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
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
  // created_at as text keeps the microseconds that a JS date would drop, so that no row is skipped between pages.
  const query = reports(ctx.db)
    .select(...asFeature(ctx.db, properties), ctx.db.raw('r.created_at::text AS sort_at'))
    .orderBy([
      { column: 'r.created_at', order: 'desc' },
      { column: 'r.id', order: 'desc' },
    ])
    .limit(f.limit + 1)
  seen(query)
  filter(query, ctx.db, f)
  if (f.cursor) query.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?::uuid)', readCursor(f.cursor))
  const rows: ({ sort_at: string; id: string } & F)[] = await query
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

const cursorOf = ({ sort_at, id }: { sort_at: string; id: string }) =>
  Buffer.from(JSON.stringify([sort_at.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'), id])).toString('base64url')

function address(ctx: Context, path: string, query: Record<string, unknown>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  return `${ctx.baseUrl}${path}?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)]))}`
}

/** Public reports, newest first; keyset paging. */
export const listReports = (ctx: Context, query: z.output<typeof api.ListQuery>) =>
  listFeatures<api.ReportFeature>(ctx, '/api/reports', PUBLIC_PROPERTIES, query, (q) => q.where('r.is_public', true))

/** Reports of the caller's department or crew, newest first; keyset paging. */
export const listStaffReports = (ctx: Context, query: ListQuery) =>
  listFeatures<api.StaffReportFeature>(ctx, '/api/staff/reports', STAFF_PROPERTIES, query, (q) =>
    q.whereRaw(visibleToStaff(ctx.db, actorOf(ctx))),
  )

export function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw problem('sign-in-needed')
  return ctx.actor
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids that cannot be ids are simply not found. */
export const existing = (id: string): string => {
  if (!UUID.test(id)) throw problem('not-found')
  return id
}

const timelineOf = (db: Db, id: string, publicOnly: boolean) =>
  sql<Row['timeline'][number]>(db, 'reports/timeline', { id, public_only: publicOnly })

interface WhichPhotos {
  /** Leaves out those that staff have not published. */
  publicOnly?: boolean
  /** Secret of the private link, to see them with. */
  key?: string
}

async function photosOf(db: Db, id: string, { publicOnly, key }: WhichPhotos = {}): Promise<Row['photos']> {
  const query = db('attachment').where({ case_id: id }).orderBy('created_at').limit(20)
  if (publicOnly) query.whereNotNull('published_at')
  return (await query).map((row) => ({
    id: row.id,
    url: `/api/photos/${row.id}${key ? `?follow=${key}` : ''}`,
    width: row.width_px,
    height: row.height_px,
    is_published: row.published_at !== null,
    is_blurred: row.blurred_at !== null,
  }))
}

type OneRow = api.ReportFeature & { place: Row['place'] }

/** A report that anyone may see. Throws not-found, also for private ones. */
export async function getReport(ctx: Context, id: string): Promise<ReportDetail> {
  const which = { 'r.id': existing(id), 'r.is_public': true }
  return detail(ctx, PUBLIC_PROPERTIES, which, { publicOnly: true })
}

/** A report by the secret of its private link. */
export async function followReport(ctx: Context, token: string): Promise<api.FollowedReport> {
  const report = await detail(ctx, OWN_PROPERTIES, { 'r.follow_token': token }, { key: token })
  return { ...report, contact_views: await sql(ctx.db, 'reports/contact_views', { id: report.id }) }
}

async function detail(
  ctx: Context,
  properties: string,
  which: Record<string, unknown>,
  whichPhotos: WhichPhotos,
): Promise<ReportDetail> {
  const row: OneRow | undefined = await reports(ctx.db)
    .select(...asFeature(ctx.db, properties), 'r.place')
    .where(which)
    .first()
  if (!row) throw problem('not-found')
  const [timeline, photos] = await Promise.all([
    timelineOf(ctx.db, row.id, true),
    photosOf(ctx.db, row.id, whichPhotos),
  ])
  return { ...row, timeline: timeline.map((entry) => ({ ...entry, actor: null })), photos }
}

/** A report of the caller's own area of work, with everything staff may see. Throws not-found for all others. */
export const getStaffReport = (ctx: Context, id: string, db: Db = ctx.db): Promise<StaffReportDetail> =>
  readStaffReport(db, id, visibleToStaff(db, actorOf(ctx)))

/** A report with everything staff may see; `seen` limits whose. Throws not-found. */
export async function readStaffReport(db: Db, id: string, seen: Knex.Raw = db.raw('true')): Promise<StaffReportDetail> {
  const row: (Row & { status: Status }) | undefined = await reports(db)
    .select(...asFeature(db, STAFF_PROPERTIES), 'r.place', db.raw(MASKED_CONTACT), 'r.routing', 'r.status')
    .where('r.id', existing(id))
    .whereRaw(seen)
    .first()
  if (!row) throw problem('not-found')
  const [timeline, photos] = [await timelineOf(db, id, false), await photosOf(db, id)]
  return { ...row, timeline, photos, next_statuses: [...moves[row.status]] }
}

/** Open public reports around a point, nearest first. lon, lat in degrees (EPSG:4326), radius in metres. */
export const nearbyReports = (ctx: Context, query: { lon: number; lat: number; category?: string; radius_m: number }) =>
  sql<api.ReportFeature & { distance_m: number }>(ctx.db, 'reports/nearby', {
    ...query,
    category: query.category ?? null,
  })

/** What can be reported: groups, then their categories, in the order of the catalogue. */
export const listCategories = (ctx: Context): Promise<Category[]> =>
  ctx
    .db('category as c')
    .leftJoin('category as p', 'p.id', 'c.parent_id')
    .select(
      'c.slug',
      'c.title',
      'c.description',
      'p.slug as parent',
      'c.icon',
      'c.colour',
      'c.keywords',
      'c.is_public',
      'c.assurance',
      'c.working_days',
    )
    .orderBy('c.id')
    .limit(1000)
