// What the desk does with work orders: make them, change what they say, join reports to them, call them off.
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { PointGeometry } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Place } from '../places/contract.ts'
import { locate } from '../places/service.ts'
import { followWork } from '../reports/progress/service.ts'
import { actorOf, existing, visibleToStaff } from '../reports/service.ts'
import type * as api from './contract.ts'
import { keepSkills } from './crews/skills.ts'
import { changedNow, demandMove, demandVersion, enter, lockWork, tell } from './edit.ts'
import { placeInTour } from './plan.ts'
import { usualPriority } from './priority.ts'
import { getWork, readWork } from './read.ts'

type WorkInput = z.output<NonNullable<(typeof api.createWork)['body']>>
type WorkChange = z.output<NonNullable<(typeof api.changeWork)['body']>>
type Detail = api.WorkDetail

interface Report {
  id: string
  department_id: string | null
  crew_id: string | null
  location: PointGeometry
  people_count: number
}

const yearInAthens = () =>
  Number(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Athens', year: 'numeric' }).format(new Date()))

/**
 * Makes a work order from reports, or for a place of one's own department. Throws not-found for reports that are not the
 * caller's, unknown-department, place-needed, outside-municipality.
 */
export function createWork(ctx: Context, input: WorkInput): Promise<Detail> {
  return ctx.db.transaction(async (trx) => {
    const reports = await ownReports(ctx, trx, input.reports)
    const team = await teamOf(trx, input, reports[0])
    const { place, lon, lat } = await whereOf(trx, input.location ?? reports[0]?.location)
    const id = randomUUID()
    await sql(trx, 'work/create', {
      ...{ id, ...team, lon, lat, task: input.task, load_units: input.load_units },
      priority: input.priority ?? usualPriority(reports.reduce((sum, { people_count }) => sum + people_count, 0)),
      ...windowOf(input.window),
      planned_min: input.planned_min ?? (await usualMinutes(trx, reports[0])),
      municipality: place.municipality?.slug,
      year: yearInAthens(),
      place: JSON.stringify(place),
      actor_id: actorOf(ctx).accountId,
    })
    await keepSkills(trx, 'work_order_skill', id, input.skills)
    await link(trx, id, reports)
    // Without a report nothing says that it is the caller's business but the order itself.
    if (reports.length === 0) await lockWork(ctx, trx, id, 'work.plan')
    if (input.day && team.crew_id)
      await placeInTour(ctx, trx, id, { ...team, crew_id: team.crew_id, day: input.day, before: null })
    await tell(ctx, trx, id, 'work.create', { reports: reports.map((report) => report.id) })
    // The giver sees it once, even where it is another department's.
    return readWork(ctx, trx, id)
  })
}

/** Reports in the order asked for, locked; merged ones are their main ones. Throws not-found. */
async function ownReports(ctx: Context, trx: Db, ids: readonly string[]): Promise<Report[]> {
  const asked: { id: string; of: string }[] = await trx('report as r')
    .select('r.id as of', trx.raw('COALESCE(r.main_id, r.id) AS id'))
    .whereIn('r.id', ids)
    .whereRaw(visibleToStaff(trx, actorOf(ctx), 'report.change'))
  if (asked.length !== new Set(ids).size) throw problem('not-found', { path: 'reports' })
  const rows: Report[] = await trx('report as r')
    .select(
      'r.id',
      'r.department_id',
      'r.crew_id',
      'r.people_count',
      trx.raw('ST_AsGeoJSON(r.geom)::jsonb AS location'),
    )
    .whereIn('r.id', [...new Set(asked.map(({ id }) => id))])
    .orderBy('r.id')
    .forUpdate()
  const rank = (id: string) => ids.indexOf(asked.find((one) => one.id === id)?.of ?? '')
  return rows.sort((a, b) => rank(a.id) - rank(b.id))
}

/** Who answers and who goes: as asked, else as the first report. */
async function teamOf(
  trx: Db,
  { department, crew }: WorkInput,
  report: Report | undefined,
): Promise<{ department_id: string; crew_id: string | null }> {
  const d = await trx('department')
    .where(department ? { slug: department } : { id: report?.department_id ?? null })
    .first('id')
  if (!d) throw problem('unknown-department', { path: 'department' })
  if (!crew) return { department_id: d.id, crew_id: d.id === report?.department_id ? (report?.crew_id ?? null) : null }
  const w = await trx('crew').where({ slug: crew, department_id: d.id }).first('id')
  if (!w) throw problem('unknown-department', { path: 'crew' })
  return { department_id: d.id, crew_id: w.id }
}

async function whereOf(
  trx: Db,
  location: PointGeometry | undefined,
): Promise<{ place: Place; lon: number; lat: number }> {
  if (!location) throw problem('place-needed', { path: 'location' })
  const [lon, lat] = location.coordinates
  const [located] = await locate(trx, [[lon, lat]])
  if (!located?.place.municipality)
    throw problem('outside-municipality', { values: { distance: '—' }, path: 'location.coordinates' })
  return { place: located.place, lon, lat }
}

async function link(trx: Db, id: string, reports: readonly Report[]): Promise<void> {
  if (reports.length > 0)
    await trx('work_order_report')
      .insert(reports.map((report) => ({ work_order_id: id, report_id: report.id })))
      .onConflict(['work_order_id', 'report_id'])
      .ignore()
  await sql(trx, 'work/privacy', { id })
}

/** Changes what an order says. Throws stale-version, not-found, outside-municipality. */
export function changeWork(ctx: Context, id: string, change: WorkChange): Promise<Detail> {
  return ctx.db.transaction(async (trx) => {
    const locked = await lockWork(ctx, trx, id, 'work.plan')
    await demandVersion(ctx, trx, id, locked, change)
    const { version: _, location, window, skills, ...columns } = change
    await trx('work_order')
      .where({ id })
      .update({
        ...columns,
        ...(window !== undefined && windowOf(window)),
        ...(location && (await movedTo(trx, location))),
        ...changedNow(trx),
      })
    if (skills) await keepSkills(trx, 'work_order_skill', id, skills)
    await tell(ctx, trx, id, 'work.change', { fields: Object.keys(change).filter((name) => name !== 'version') })
    return getWork(ctx, id, trx)
  })
}

/** Times as HH:MM are in the order of their letters. Throws wrong-window. */
function windowOf(window: z.output<typeof api.Window> | null) {
  if (window && window.to <= window.from) throw problem('wrong-window', { path: 'window.to' })
  return { window_from: window?.from ?? null, window_to: window?.to ?? null }
}

/** Where nothing else is known, minutes. */
const USUAL_MIN = 30

/** What such work has taken lately: the median of done orders of the category, minutes. */
async function usualMinutes(trx: Db, report: Report | undefined): Promise<number> {
  const [row] = report ? await sql<{ minutes: number | null }>(trx, 'work/usual_minutes', { report_id: report.id }) : []
  return row?.minutes ?? USUAL_MIN
}

async function movedTo(trx: Db, location: PointGeometry) {
  const { place, lon, lat } = await whereOf(trx, location)
  return { place: JSON.stringify(place), geom: trx.raw('ST_SetSRID(ST_MakePoint(?, ?), 4326)', [lon, lat]) }
}

/** Lets an order answer further reports. Throws not-found. */
export function attachReports(ctx: Context, id: string, ids: readonly string[]): Promise<Detail> {
  return ctx.db.transaction(async (trx) => {
    await lockWork(ctx, trx, id, 'work.plan')
    await link(trx, id, await ownReports(ctx, trx, ids))
    await trx('work_order').where({ id }).update(changedNow(trx))
    await tell(ctx, trx, id, 'work.attach', { reports: ids })
    return readWork(ctx, trx, id)
  })
}

/** Lets an order no longer answer a report, nor what is treated together with it. Throws not-found. */
export function detachReport(ctx: Context, id: string, reportId: string): Promise<Detail> {
  return ctx.db.transaction(async (trx) => {
    await lockWork(ctx, trx, id, 'work.plan')
    const family = trx('report as r')
      .join('report as asked', (on) => on.on(trx.raw('COALESCE(asked.main_id, asked.id) IN (r.id, r.main_id)')))
      .where('asked.id', existing(reportId))
    const gone = await trx('work_order_report')
      .where({ work_order_id: id })
      .whereIn('report_id', family.select('r.id'))
      .delete()
    if (gone === 0) throw problem('not-found')
    await sql(trx, 'work/privacy', { id })
    await trx('work_order').where({ id }).update(changedNow(trx))
    await tell(ctx, trx, id, 'work.detach', { report: reportId })
    await followWork(trx, { reports: [reportId], actorId: actorOf(ctx).accountId })
    return readWork(ctx, trx, id)
  })
}

/** Calls an order off; its reports stay as they are. Throws stale-version, work-not-allowed, not-found. */
export function cancelWork(ctx: Context, id: string, asked: { version: number; reason: string }): Promise<Detail> {
  return ctx.db.transaction(async (trx) => {
    const locked = await lockWork(ctx, trx, id, 'work.plan')
    await demandVersion(ctx, trx, id, locked, asked)
    demandMove(locked.status, 'cancelled')
    await trx('work_order')
      .where({ id })
      .update({ status: 'cancelled', outcome: asked.reason, finished_at: trx.fn.now(), ...changedNow(trx) })
    await enter(trx, id, { kind: 'status', status: 'cancelled', note: asked.reason, actor_id: actorOf(ctx).accountId })
    await tell(ctx, trx, id, 'work.cancel')
    return getWork(ctx, id, trx)
  })
}
