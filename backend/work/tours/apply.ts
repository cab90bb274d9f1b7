// Takes over proposed tours: all of them in one transaction, or nothing.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import { dayInAthens } from '../../core/days.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { emitEach } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { followWork } from '../../reports/progress/service.ts'
import { actorOf } from '../../reports/service.ts'
import type { WorkFeature, WorkStatus } from '../contract.ts'
import { listCrews } from '../crews/service.ts'
import { refuseMove } from '../edit.ts'
import { oneAtATime } from '../plan.ts'
import { readFeatures, visibleWork } from '../read.ts'
import type * as api from './contract.ts'
import { demandDay } from './day.ts'

type TourPlan = z.output<NonNullable<(typeof api.applyTours)['body']>>

interface Order {
  id: string
  version: number
  status: WorkStatus
  department_id: string
  crew_id: string | null
  /** YYYY-MM-DD. */
  day_on: string | null
}

interface Stop {
  id: string
  version: number
  crew_id: string
  department_id: string
  arrive_at: string
}

/**
 * Puts orders on tours in their order and takes others off. Throws day-over, unknown-department, not-found, work-not-allowed,
 * stale-version with all orders that have changed since.
 */
export function applyTours(ctx: Context, plan: TourPlan): Promise<{ planned: number; taken_off: number }> {
  demandDay(plan.day)
  return ctx.db.transaction(async (trx) => {
    await oneAtATime(trx)
    const stops = await stopsOf(ctx, trx, plan)
    const asked = [...stops, ...plan.off]
    const before = await lockOrders(ctx, trx, asked)
    demandDepartments(stops, before)
    await place(trx, plan.day, stops)
    await takeOff(trx, plan.off)
    await renumber(trx, plan.day, stops, [...before.values()])
    await tellAll(ctx, trx, plan, stops, before)
    return { planned: stops.length, taken_off: plan.off.length }
  })
}

async function stopsOf(ctx: Context, trx: Db, { day, tours }: TourPlan): Promise<Stop[]> {
  const own = new Map((await listCrews(ctx, trx, 'work.plan')).map((crew) => [crew.slug, crew]))
  return tours.flatMap(({ crew, stops }, n) => {
    const known = own.get(crew)
    if (!known) throw problem('unknown-department', { path: `tours.${n}.crew` })
    const { id: crew_id, department_id } = known
    return stops.map((stop, i) => {
      if (dayInAthens(new Date(stop.arrive_at)) !== day) throw problem('invalid-input', { path: `tours.${n}.stops.${i}.arrive_at` }) // prettier-ignore
      return { ...stop, crew_id, department_id }
    })
  })
}

/** Locks them in one order for everybody. Throws not-found, work-not-allowed, stale-version, invalid-input for one that is named twice. */
async function lockOrders(
  ctx: Context,
  trx: Db,
  asked: readonly { id: string; version: number }[],
): Promise<Map<string, Order>> {
  const ids = asked.map(({ id }) => id)
  if (new Set(ids).size < ids.length) throw problem('invalid-input', { path: 'tours' })
  const rows: Order[] = await trx('work_order as o')
    .select('o.id', 'o.version', 'o.status', 'o.department_id', 'o.crew_id', trx.raw('o.day_on::text AS day_on'))
    .whereIn('o.id', ids)
    .whereRaw(visibleWork(ctx, trx, 'work.plan'))
    .orderBy('o.id')
    .forUpdate()
  const found = new Map(rows.map((row) => [row.id, row]))
  if (found.size < ids.length) throw problem('not-found', { path: 'tours' })
  const stale = asked.filter(({ id, version }) => found.get(id)?.version !== version)
  if (stale.length > 0) {
    const current: WorkFeature[] = await readFeatures(trx, stale.map(({ id }) => id)) // prettier-ignore
    throw problem('stale-version', { extra: { current, yours: stale } })
  }
  // A crew that is there is not sent away by a plan.
  for (const { status } of rows) if (status !== 'draft' && status !== 'planned') refuseMove(status, 'planned')
  return found
}

/** A plan gives no work to another department. */
function demandDepartments(stops: readonly Stop[], before: ReadonlyMap<string, Order>): void {
  if (stops.some(({ id, department_id }) => before.get(id)?.department_id !== department_id))
    throw problem('unknown-department', { path: 'tours' })
}

const place = (trx: Db, day: string, stops: readonly Stop[]) =>
  sql(trx, 'work/place_stops', {
    day_on: day,
    ids: stops.map(({ id }) => id),
    crew_ids: stops.map(({ crew_id }) => crew_id),
    arrivals: stops.map(({ arrive_at }) => arrive_at),
  })

const takeOff = (trx: Db, off: readonly { id: string }[]) =>
  trx('work_order')
    .whereIn(
      'id',
      off.map(({ id }) => id),
    ) // prettier-ignore
    .update({
      ...{ status: 'draft', crew_id: null, day_on: null, tour_position: null, planned_at: null },
      ...{ version: trx.raw('version + 1'), updated_at: trx.fn.now() },
    })

/** Tours that have gained and tours that have lost stops. */
function renumber(trx: Db, day: string, stops: readonly Stop[], before: readonly Order[]) {
  const lost = before.flatMap(({ crew_id, day_on }) => (crew_id && day_on ? [{ crew_id, day_on }] : []))
  const touched = [...stops.map(({ crew_id }) => ({ crew_id, day_on: day })), ...lost]
  return sql(trx, 'work/renumber_tours', {
    crew_ids: touched.map(({ crew_id }) => crew_id),
    days: touched.map(({ day_on }) => day_on),
    placed: stops.map(({ id }) => id),
  })
}

async function tellAll(
  ctx: Context,
  trx: Db,
  { day, tours, off }: TourPlan,
  stops: readonly Stop[],
  before: ReadonlyMap<string, Order>,
): Promise<void> {
  const actor_id = actorOf(ctx).accountId
  const moved = stops.filter(({ id, crew_id }) => {
    const was = before.get(id)
    return was?.crew_id !== crew_id || was.day_on !== day || was.status !== 'planned'
  })
  const entry = { kind: 'assigned', status: 'planned', note: day, actor_id, is_public: false }
  if (moved.length > 0)
    await trx('timeline_entry').insert(
      moved.map(({ id, crew_id, department_id }) => ({ case_id: id, crew_id, department_id, ...entry })),
    )
  const detail = { day, tours: tours.map(({ crew, stops }) => ({ crew, orders: stops.map(({ id }) => id) })), off: off.map(({ id }) => id) } // prettier-ignore
  await audit(ctx, { action: 'work.plan_day', subjectId: day, detail }, trx)
  const changed = [...stops, ...off].map(({ id }) => id)
  await emitEach(trx, changed, { type: 'work.changed', actorId: actor_id, payload: { action: 'work.plan_day' } })
  await followWork(trx, { orders: changed, actorId: actor_id })
}
