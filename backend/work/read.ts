// Reading work orders: lists, the tour of a crew, one order with its story.
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Permission } from '../core/contract.ts'
import { dayInAthens } from '../core/days.ts'
import type { Db } from '../core/db/connect.ts'
import { sql, sqlText } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { actorOf, existing, givenToContractor, visibleToStaff } from '../reports/service.ts'
import type * as api from './contract.ts'
import { moves, OPEN } from './workflow.ts'

type ListQuery = z.output<NonNullable<(typeof api.listWork)['query']>>
type Stop = api.WorkStop

const named = (alias: 'd' | 'w') =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('slug', ${alias}.slug, 'title', ${alias}.title) END`

/** The promise that presses most: of its reports that are still open. */
export const DUE_AT = `(SELECT min(r.due_at) FROM work_order_answer AS l JOIN report AS r ON r.id = l.report_id
   WHERE l.work_order_id = o.id AND r.closed_at IS NULL)`

// What is treated together with a report is counted with that.
const PEOPLE = `(SELECT COALESCE(sum(r.people_count), 0)::int FROM work_order_answer AS l JOIN report AS r ON r.id = l.report_id
   WHERE l.work_order_id = o.id AND r.main_id IS NULL)`

const PROPERTIES = `jsonb_build_object(
  'protocol', k.protocol, 'task', o.task, 'status', o.status, 'priority', o.priority, 'department', ${named('d')},
  'crew', ${named('w')}, 'day', o.day_on, 'tour_position', o.tour_position, 'district', o.place->'district',
  'planned_at', to_json(o.planned_at), 'planned_min', o.planned_min, 'load_units', o.load_units,
  'window', CASE WHEN o.window_from IS NOT NULL
                 THEN jsonb_build_object('from', to_char(o.window_from, 'HH24:MI'), 'to', to_char(o.window_to, 'HH24:MI')) END,
  'skills', ARRAY(SELECT jsonb_build_object('slug', s.slug, 'title', s.title) FROM work_order_skill AS n
                    JOIN skill AS s ON s.id = n.skill_id WHERE n.work_order_id = o.id ORDER BY s.title->>'el', s.slug),
  'due_at', to_json(${DUE_AT}),
  'address', o.place #> '{address,title}', 'is_public', o.is_public, 'version', o.version,
  'report_count', (SELECT count(*)::int FROM work_order_answer AS l WHERE l.work_order_id = o.id),
  'people_count', ${PEOPLE}, 'offer', o.offer, 'price_cents', o.price_cents, 'created_at', to_json(o.created_at), 'updated_at', to_json(o.updated_at)) AS properties`

/** Work orders that the caller may see, or for which some grant holds another permission. */
export const visibleWork = (ctx: Context, db: Db, permission: Permission = 'work.read'): Knex.Raw =>
  visibleToStaff(db, actorOf(ctx), permission, 'o')

const orders = (db: Db) =>
  db('work_order as o')
    .join('case_record as k', 'k.id', 'o.id')
    .join('department as d', 'd.id', 'o.department_id')
    .leftJoin('crew as w', 'w.id', 'o.crew_id')

const feature = (db: Db) => [
  db.raw(`'Feature' AS type`),
  'o.id',
  db.raw('ST_AsGeoJSON(o.geom, 6)::jsonb AS geometry'),
  db.raw(PROPERTIES),
]
const stop = (db: Db) => [
  ...feature(db),
  'o.place',
  'o.materials',
  db.raw('o.cost_cents::float8 AS cost_cents'),
  'o.spent_min',
  'o.outcome',
  db.raw('to_json(o.started_at) AS started_at'),
  db.raw('to_json(o.finished_at) AS finished_at'),
]

/** Orders as they are now, whoever asks. */
export const readFeatures = (db: Db, ids: readonly string[]): Promise<api.WorkFeature[]> =>
  orders(db)
    .select(...feature(db))
    .whereIn('o.id', ids)
    .orderBy('o.id') as unknown as Promise<api.WorkFeature[]>

function filter(query: Knex.QueryBuilder, f: ListQuery): void {
  if (f.day) query.where('o.day_on', f.day)
  if (f.department) query.where('d.slug', f.department)
  if (f.crew) query.where('w.slug', f.crew)
  if (f.status) query.whereIn('o.status', f.status.split(','))
  if (f.unplanned === 'true') query.where('o.status', 'draft')
}

const Cursor = z.tuple([z.string().max(40), z.uuid()])

function readCursor(cursor: string): [string, string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw problem('invalid-input', { path: 'cursor' })
  }
}

/** Work orders of the caller's department or crew, newest first; keyset paging. */
export async function listWork(ctx: Context, f: ListQuery): Promise<z.input<typeof api.listWork.response>> {
  // As text it keeps the microseconds that a JS date would drop, so that no row is skipped between pages.
  const query = orders(ctx.db)
    .select(...feature(ctx.db), ctx.db.raw('o.created_at::text AS sort_at'))
    .whereRaw(visibleWork(ctx, ctx.db))
    .orderBy([
      { column: 'o.created_at', order: 'desc' },
      { column: 'o.id', order: 'desc' },
    ])
    .limit(f.limit + 1)
  filter(query, f)
  if (f.cursor) query.whereRaw('(o.created_at, o.id) < (?::timestamptz, ?::uuid)', readCursor(f.cursor))
  const rows: (api.WorkFeature & { sort_at: string })[] = await query
  const page = rows.slice(0, f.limit)
  const last = rows.length > f.limit ? page.at(-1) : undefined
  const link = (rel: string, cursor?: string) => ({ rel, href: address(ctx, { ...f, cursor }), type: 'application/geo+json' }) // prettier-ignore
  return {
    type: 'FeatureCollection',
    features: page,
    numberReturned: page.length,
    links: [link('self', f.cursor), ...(last ? [link('next', cursorOf(last))] : [])],
  }
}

const cursorOf = ({ sort_at, id }: { sort_at: string; id: string }) =>
  Buffer.from(JSON.stringify([sort_at, id])).toString('base64url')

function address(ctx: Context, query: Record<string, unknown>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  return `${ctx.baseUrl}/api/staff/work?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)]))}`
}

/** A work order with everything staff may see. Throws not-found where it is not the caller's to see. */
export const getWork = (ctx: Context, id: string, db: Db = ctx.db): Promise<api.WorkDetail> =>
  readWork(ctx, db, id, visibleWork(ctx, db))

/** A work order; `seen` limits whose. Throws not-found. */
export async function readWork(
  ctx: Context,
  db: Db,
  id: string,
  seen: Knex.Raw = db.raw('true'),
): Promise<api.WorkDetail> {
  const row = await readStop(ctx, db, id, seen)
  const timeline = await sql<api.WorkDetail['timeline'][number]>(db, 'work/timeline', { id, crews: storyOf(ctx) })
  return { ...row, timeline, next_statuses: [...moves[row.properties.status]] }
}

/** Crews to whose part of the story the reader is limited; null: all of it. Firms do not read each other's prices. */
function storyOf(ctx: Context): string[] | null {
  const { grants, permissions } = actorOf(ctx)
  return permissions.includes('report.read') ? null : grants.flatMap(({ crewId }) => crewId ?? [])
}

/** A work order without its story. Throws not-found. */
export async function readStop(ctx: Context, db: Db, id: string, seen: Knex.Raw): Promise<Stop> {
  const rows: Stop[] = await orders(db)
    .select(...stop(db))
    .where('o.id', existing(id))
    .whereRaw(seen)
  const [row] = await complete(ctx, db, rows)
  if (!row) throw problem('not-found')
  return row
}

/** Adds reports and photos: two queries, however many orders. */
async function complete(ctx: Context, db: Db, rows: readonly Stop[]): Promise<Stop[]> {
  const ids = rows.map(({ id }) => id)
  const reports = groupBy(await reportsOf(ctx, db, ids))
  const photos = groupBy(await photosOf(db, ids))
  return rows.map((row) => ({ ...row, reports: reports.get(row.id) ?? [], photos: photos.get(row.id) ?? [] }))
}

function groupBy<T extends { work_order_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(row.work_order_id, [...(groups.get(row.work_order_id) ?? []), row])
  return groups
}

type Linked<T> = T & { work_order_id: string }

/** Other orders of report r than the one of row l that somebody still has to go for: no more than that they are there. */
const OPEN_WORK = `ARRAY(
  SELECT jsonb_build_object('id', o.id, 'protocol', n.protocol, 'department', ${named('d')}, 'status', o.status)
    FROM work_order_answer AS a JOIN work_order AS o ON o.id = a.work_order_id
    JOIN case_record AS n ON n.id = o.id JOIN department AS d ON d.id = o.department_id
   WHERE a.report_id = r.id AND o.id <> l.work_order_id AND o.status = ANY (?) ORDER BY n.protocol)`

/** Public reports, and private ones as far as the reader may see them; a contractor sees those of its orders. */
const reportsOf = (ctx: Context, db: Db, ids: readonly string[]): Promise<Linked<Stop['reports'][number]>[]> => {
  const seen = visibleToStaff(db, actorOf(ctx))
  const given = givenToContractor(db, actorOf(ctx))
  const theirs = visibleToStaff(db, actorOf(ctx), 'report.change')
  const photos = `ARRAY(SELECT '/api/photos/' || p.id FROM attachment AS p
                         WHERE p.case_id = r.id AND (p.published_at IS NOT NULL OR ? OR ?) ORDER BY p.created_at LIMIT 8)`
  return db('work_order_answer as l')
    .join('work_order as o', 'o.id', 'l.work_order_id')
    .join('report as r', 'r.id', 'l.report_id')
    .join('case_record as k', 'k.id', 'r.id')
    .joinRaw('JOIN case_record AS main ON main.id = COALESCE(r.main_id, r.id)')
    .join('category as c', 'c.id', 'r.category_id')
    .whereIn('l.work_order_id', ids)
    .where((q) => q.where('r.is_public', true).orWhereRaw(seen).orWhereRaw(given))
    .orderByRaw('l.work_order_id, main.protocol, r.main_id IS NOT NULL, k.protocol')
    .limit(5000)
    .select(
      ...['l.work_order_id', 'r.id', 'k.protocol', 'c.icon', 'c.colour', 'r.status', 'r.description'],
      'r.support_count',
      db.raw('r.main_id IS NOT NULL AS is_merged'),
      db.raw(`jsonb_build_object('slug', c.slug, 'title', c.title) AS category`),
      db.raw(`${photos} AS photo_urls`, [seen, given]),
      // One that is treated together with another closes with that.
      db.raw('(r.closed_at IS NULL AND r.main_id IS NULL AND ?) AS may_close', [theirs]),
      db.raw(`CASE WHEN ? THEN ${OPEN_WORK} ELSE '{}' END AS open_work`, [theirs, [...OPEN]]),
    ) as unknown as Promise<Linked<Stop['reports'][number]>[]>
}

const photosOf = (db: Db, ids: readonly string[]): Promise<Linked<Stop['photos'][number]>[]> =>
  db('work_order_photo as m')
    .join('attachment as p', 'p.id', 'm.photo_id')
    .whereIn('m.work_order_id', ids)
    .orderBy(['p.created_at', 'p.id'])
    .limit(5000)
    .select('m.work_order_id', 'p.id', 'm.moment', 'p.width_px as width', 'p.height_px as height')
    .select(db.raw(`'/api/staff/work/' || m.work_order_id || '/photos/' || p.id AS url`)) as unknown as Promise<
    Linked<Stop['photos'][number]>[]
  >

/** Who goes where on a day, for a phone: the crew's own where none is named. day: YYYY-MM-DD, Europe/Athens. */
export async function getTour(ctx: Context, { day, crew }: { day?: string; crew?: string }): Promise<api.Tour> {
  const own = actorOf(ctx).grants.find(({ crewId, permissions }) => crewId && permissions.includes('work.read'))
  const named = await ctx
    .db('crew')
    .where(crew ? { slug: crew } : { id: own?.crewId ?? null })
    .first('slug', 'title')
  const on = day ?? dayInAthens()
  if (!named) return { day: on, crew: null, stops: [] }
  const rows: Stop[] = await orders(ctx.db)
    .select(...stop(ctx.db))
    .where({ 'w.slug': named.slug, 'o.day_on': on })
    .whereRaw(visibleWork(ctx, ctx.db))
    .orderBy(['o.tour_position', 'o.id'])
    .limit(MOST_STOPS)
  return { day: on, crew: named, stops: await complete(ctx, ctx.db, rows) }
}

/** More than any crew does in a day. */
const MOST_STOPS = 300

/** Metres around a report in which an order is near enough to be joined. */
const JOIN_M = 150

/** Work orders of a report, and open ones near it. Throws not-found where the report is not the caller's to see. */
export async function workOfReport(ctx: Context, id: string): Promise<z.input<typeof api.workOfReport.response>> {
  const { db } = ctx
  const seen = visibleWork(ctx, db)
  const report = await db('report as r')
    .where('r.id', existing(id))
    .whereRaw(visibleToStaff(db, actorOf(ctx)))
    .first('r.id')
  if (!report) throw problem('not-found')
  const linked = orders(db)
    .join('work_order_answer as l', (on) => on.on('l.work_order_id', 'o.id').andOnVal('l.report_id', id))
    .where((q) => q.where('o.is_public', true).orWhereRaw(seen))
    .orderBy('o.created_at')
  const nearby = orders(db)
    .whereIn('o.status', OPEN)
    // A degree of longitude shrinks with latitude: the box is a little wide, the distance after it exact.
    .whereRaw('o.geom && ST_Expand(r.geom, ? / 50000.0)', [JOIN_M])
    .whereRaw('ST_DWithin(o.geom::geography, r.geom::geography, ?)', [JOIN_M])
    .whereNotExists(db('work_order_answer').where('report_id', id).whereRaw('work_order_id = o.id'))
    .whereRaw(seen)
    .orderBy('distance_m')
  const [to_close = null] = await listToClose(ctx, id)
  return { linked: await brief(db, linked, id, seen), nearby: await brief(db, nearby, id, seen), to_close }
}

/** Whoever has not closed a report by then has a reason; and the years before need not be searched for others. */
const CLOSE_DAYS = 60

/** Reports that are the caller's to close now that their work is finished, or only this one. */
export async function listToClose(ctx: Context, report_id: string | null = null): Promise<api.ReportToClose[]> {
  const { rows } = await ctx.db.raw(sqlText('work/to_close'), {
    ...{ report_id, open: OPEN, days: CLOSE_DAYS },
    theirs: visibleToStaff(ctx.db, actorOf(ctx), 'report.change'),
    seen: visibleWork(ctx, ctx.db),
  } as never)
  return rows
}

const brief = (db: Db, query: Knex.QueryBuilder, reportId: string, seen: Knex.Raw): Promise<api.LinkedWork[]> =>
  query
    .joinRaw('JOIN report AS r ON r.id = ?', [reportId])
    .select('o.id', 'k.protocol', 'o.task', 'o.status', db.raw('o.day_on::text AS day'))
    .select(db.raw(`${named('d')} AS department, ${named('w')} AS crew, COALESCE(?, false) AS is_own`, [seen]))
    .select(db.raw('round(ST_Distance(o.geom::geography, r.geom::geography)::numeric, 1)::float8 AS distance_m'))
    .limit(20) as unknown as Promise<api.LinkedWork[]>
