// Reading reports: public lists, the staff inbox, one report with its story.
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import type { Actor, Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { sql } from '../core/db/sql.ts'
import type { ReportDetail, Status } from './contract.ts'
import type { StaffReportDetail } from './desk/contract.ts'
import type { FollowedReport } from './reporter/contract.ts'
import type * as api from './contract.ts'
import { FORWARD_DAYS, nearBorder } from './handover.ts'
import { assetOf } from './assets/assets.ts'
import { withNames } from './forms/things.ts'
import { type Handled, movesOf } from './kinds.ts'
import { decisionOf } from './routing.ts'
import { usualTime } from './usual.ts'
import { isClosed } from './workflow.ts'
import { visibleToStaff } from './visibility.ts'
import { type Follower, followerOf } from './words.ts'

export { categoryDatasets, type CategoryDataset } from './categories/dataset.ts'
export { findByProtocol } from './find.ts'
export { type PublicReports, publicReports } from './published.ts'
export { givenToContractor, visibleToStaff } from './visibility.ts'

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
  'created_at', to_json(r.created_at), 'updated_at', to_json(r.updated_at), 'due_at', to_json(r.due_at),
  'support_count', r.support_count`
export const PUBLIC_PROPERTIES = `${PROPERTIES},
  'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id AND p.published_at IS NOT NULL)`
/** For the reporter: with own photos that are not published. */
export const OWN_PROPERTIES = `${PROPERTIES},
  'photo_count', (SELECT count(*)::int FROM attachment AS p LEFT JOIN report_support_photo AS g ON g.photo_id = p.id
                   WHERE p.case_id = r.id AND (p.published_at IS NOT NULL OR g.photo_id IS NULL))`
/** What waits for the citizen is not late. */
export const OVERDUE = `(r.closed_at IS NULL AND r.paused_at IS NULL AND r.due_at < now())`
export const UNANSWERED = `(r.closed_at IS NULL AND r.answered_at IS NULL)`
export const LATE_ANSWER = `COALESCE(${UNANSWERED} AND r.answer_due_at < now(), false)`
export const STAFF_PROPERTIES = `${PROPERTIES},
  'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id),
  'crew', CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END,
  'is_public', r.is_public, 'is_overdue', ${OVERDUE}, 'channel', r.channel,
  'answer_due_at', CASE WHEN ${UNANSWERED} THEN to_json(r.answer_due_at) END, 'is_answer_late', ${LATE_ANSWER},
  'is_merged', r.main_id IS NOT NULL, 'reopened_count', r.reopened_count, 'people_count', r.people_count`

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
  db.raw(`ST_AsGeoJSON(r.geom, 6)::jsonb AS geometry, ST_AsGeoJSON(r.shape, 6)::jsonb AS shape`),
  db.raw(`jsonb_build_object(${properties}) AS properties`),
]

export function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw problem('sign-in-needed')
  return ctx.actor
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isReportId = (id: string): boolean => UUID.test(id)

/** Ids that cannot be ids are simply not found. */
export const existing = (id: string): string => {
  if (!isReportId(id)) throw problem('not-found')
  return id
}

/** Who reads, and so what of a report is theirs. */
type Reader = { isStaff: true } | { isStaff: false; follower?: Follower; token?: string }
const PUBLIC: Reader = { isStaff: false }
const STAFF: Reader = { isStaff: true }

function timelineOf(db: Db, id: string, reader: Reader) {
  const follower = reader.isStaff ? undefined : reader.follower
  return sql<Row['timeline'][number]>(db, 'reports/timeline', {
    id,
    is_staff: reader.isStaff,
    is_reporter: follower?.supportId === null,
    support_id: follower?.supportId ?? null,
  })
}

async function photosOf(db: Db, id: string, reader: Reader): Promise<Row['photos']> {
  const query = db('attachment as p')
    .leftJoin('report_support_photo as g', 'g.photo_id', 'p.id')
    .where('p.case_id', id)
    .select('p.*')
    .orderBy('p.created_at')
    .limit(MOST_PHOTOS)
  const token = reader.isStaff ? undefined : reader.token
  if (!reader.isStaff)
    query.where((q) => {
      q.whereNotNull('p.published_at')
      if (reader.follower) q.orWhereRaw('g.support_id IS NOT DISTINCT FROM ?', [reader.follower.supportId])
    })
  return (await query).map((row) => ({
    id: row.id,
    url: `/api/photos/${row.id}${token ? `?follow=${token}` : ''}`,
    width: row.width_px,
    height: row.height_px,
    is_published: row.published_at !== null,
    is_blurred: row.blurred_at !== null,
  }))
}

type OneRow = api.ReportFeature & Pick<ReportDetail, 'place' | 'main' | 'answers' | 'pet_side' | 'expires_at'>

/** A report that anyone may see. Throws not-found, also for private ones. */
export async function getReport(ctx: Context, id: string): Promise<ReportDetail> {
  return detail(ctx, PUBLIC_PROPERTIES, { 'r.id': existing(id), 'r.is_public': true }, PUBLIC)
}

/** A report by the secret of a private link: the reporter's, or that of somebody who said "me too". Throws not-found. */
export async function followReport(ctx: Context, token: string): Promise<FollowedReport> {
  const follower = await followerOf(ctx.db, token)
  const isReporter = follower.supportId === null
  const properties = isReporter ? OWN_PROPERTIES : PUBLIC_PROPERTIES
  const reader = { isStaff: false, follower, token } as const
  const report = await detail(ctx, properties, { 'r.id': follower.reportId }, reader)
  const contact_views = isReporter ? await sql<View>(ctx.db, 'reports/contact_views', { id: report.id }) : []
  return { ...report, contact_views, is_reporter: isReporter, ...(await chancesOf(ctx.db, follower)) }
}

type View = FollowedReport['contact_views'][number]

/** Minutes after sending in which the reporter may change or take back the words. */
export const CORRECT_MIN = 15

const EXPIRES_AT = `to_json(e.expires_at) AS expires_at`
const EXTEND_TO = `CASE WHEN e.notice_at < now() THEN to_json(now() + make_interval(days => e.expires_days)) END AS extend_to`

/** Until when what may still be done with a private link. */
async function chancesOf(db: Db, { reportId, supportId }: Follower) {
  const until = `created_at + make_interval(mins => ?)`
  const reopenUntil = `closed_at + make_interval(days => c.reopen_days)`
  const { is_own, ...chances } = await db('report as r')
    .join('category as c', 'c.id', 'r.category_id')
    .leftJoin('report_expiry as e', 'e.report_id', 'r.id')
    .where('r.id', reportId)
    .first(
      db.raw(EXTEND_TO),
      db.raw(`?::boolean AS is_own`, [supportId === null]),
      db.raw(`CASE WHEN r.${until} > now() THEN r.${until} END AS correct_until`, [CORRECT_MIN, CORRECT_MIN]),
      db.raw(`r.status = 'waiting_for_citizen' AS is_asked`),
      db.raw(`CASE WHEN r.${reopenUntil} > now() THEN r.${reopenUntil} END AS reopen_until`),
    )
  return { ...chances, correct_until: is_own ? chances.correct_until : null }
}

const MOST_PHOTOS = 100

// Where it went, when that is public: of a private main report nobody learns that it is there.
const PUBLIC_MAIN = `(SELECT jsonb_build_object('id', m.id, 'protocol', n.protocol)
                        FROM report AS m JOIN case_record AS n ON n.id = m.id WHERE m.id = r.main_id AND m.is_public) AS main`

/** Reports with the questions that each was asked, and when each closes by itself. */
const withForm = (db: Db) =>
  reports(db)
    .leftJoin('category_form as f', 'f.id', 'r.form_id')
    .leftJoin('report_expiry as e', 'e.report_id', 'r.id')
    .select('c.pet_side', db.raw(EXPIRES_AT))

/** isAll: with the answers that only staff and the reporter may see. */
const answersFor = (db: Db, isAll: boolean) =>
  db.raw(`COALESCE(answers_in_words(r.answers, f.questions, ?::boolean), '[]') AS answers`, [isAll])

async function detail(
  ctx: Context,
  properties: string,
  which: Record<string, unknown>,
  reader: Reader,
): Promise<ReportDetail> {
  const isReporter = !reader.isStaff && reader.follower?.supportId === null
  const row: OneRow | undefined = await withForm(ctx.db)
    .select(...asFeature(ctx.db, properties), 'r.place', ctx.db.raw(PUBLIC_MAIN), answersFor(ctx.db, isReporter))
    .where(which)
    .first()
  if (!row) throw problem('not-found')
  const [timeline, photos, asset, answers] = await Promise.all([
    timelineOf(ctx.db, row.id, reader),
    photosOf(ctx.db, row.id, reader),
    assetOf(ctx.db, row.id),
    withNames(ctx.db, row.answers),
  ])
  const usual = await usualOf(ctx.db, row)
  return { ...row, timeline: timeline.map((entry) => ({ ...entry, actor: null })), photos, usual, asset, answers }
}

const usualOf = async (db: Db, { properties: { status, category, district } }: api.ReportFeature) =>
  isClosed(status) ? null : usualTime(db, category.slug, district?.slug ?? null)

/** A report of the caller's own area of work, with everything staff may see. Throws not-found for all others. */
export const getStaffReport = (ctx: Context, id: string, db: Db = ctx.db): Promise<StaffReportDetail> =>
  readStaffReport(db, id, visibleToStaff(db, actorOf(ctx)))

const FORWARD_BY = `CASE WHEN r.status = 'submitted' AND r.main_id IS NULL
  THEN to_json(add_working_days(COALESCE(r.routed_at, r.created_at) + make_interval(days => ?::int - 1), 1)) END AS forward_by`

/** A report with everything staff may see; `seen` limits whose. Throws not-found. */
export async function readStaffReport(db: Db, id: string, seen: Knex.Raw = db.raw('true')): Promise<StaffReportDetail> {
  const row:
    | (Row & Handled & { status: Status; main_id: string | null; routing: Parameters<typeof decisionOf>[0] })
    | undefined = await withForm(db)
    .select(...asFeature(db, STAFF_PROPERTIES), 'r.place', 'r.language', db.raw(MASKED_CONTACT), answersFor(db, true))
    .select(
      'r.routing',
      'r.status',
      'r.main_id',
      'c.kind',
      'c.has_workflow',
      db.raw(FORWARD_BY, [FORWARD_DAYS]),
      db.raw(EXTEND_TO),
    )
    .where('r.id', existing(id))
    .whereRaw(seen)
    .first()
  if (!row) throw problem('not-found')
  const [timeline, photos] = [await timelineOf(db, id, STAFF), await photosOf(db, id, STAFF)]
  const together = await togetherWith(db, row, seen)
  const asset = await assetOf(db, id, seen)
  const answers = await withNames(db, row.answers)
  const next_statuses = row.main_id ? [] : movesOf(row, row.status)
  const usual = await usualOf(db, row)
  const near_border = await nearBorder(db, id)
  return {
    ...row,
    near_border,
    routing: decisionOf(row.routing),
    timeline,
    photos,
    usual,
    asset,
    answers,
    ...together,
    next_statuses,
  }
}

/** Reports that are treated together with one, as far as the reader may see them. */
async function togetherWith(db: Db, { id, main_id }: { id: string; main_id: string | null }, seen: Knex.Raw) {
  const rows: (api.ReportRef & { is_main: boolean })[] = await reports(db)
    .select('r.id', 'k.protocol', db.raw('r.main_id IS NULL AS is_main'))
    .where((q) => q.where('r.main_id', id).orWhere('r.id', main_id))
    .where((q) => q.where('r.is_public', true).orWhereRaw(seen))
    .orderBy('k.protocol')
    .limit(500)
  return { main: rows.find(({ is_main }) => is_main) ?? null, merged: rows.filter(({ is_main }) => !is_main) }
}

/** Open public reports around a point, likeliest to mean the same first. lon, lat in degrees (EPSG:4326), radius in metres. */
export const nearbyReports = (ctx: Context, query: z.output<NonNullable<(typeof api.nearbyReports)['query']>>) =>
  sql<api.NearbyReport>(ctx.db, 'reports/nearby', {
    ...query,
    radius_m: query.radius_m ?? null,
    category: query.category ?? null,
    words: query.words ?? null,
    asset: query.asset ?? null,
  })
