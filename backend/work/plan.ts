// Who goes when, and in which order. Whole days are planned in tours/.
import type { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { actorOf } from '../reports/service.ts'
import type * as api from './contract.ts'
import { changedNow, demandMove, demandVersion, enter, type Locked, lockWork, tell } from './edit.ts'
import { readWork } from './read.ts'

type WorkPlan = z.output<NonNullable<(typeof api.planWork)['body']>>

/** Puts an order on a tour, moves it in it, or takes it off. Throws stale-version, work-not-allowed, unknown-department. */
export function planWork(ctx: Context, id: string, plan: WorkPlan): Promise<api.WorkDetail> {
  return ctx.db.transaction(async (trx) => {
    const crew = plan.crew ? await trx('crew').where({ slug: plan.crew }).first('id', 'department_id') : null
    if (plan.crew && !crew) throw problem('unknown-department', { path: 'crew' })
    // Before any row, as all who move stops: two could wait for each other.
    await oneAtATime(trx)
    const locked = await lockWork(ctx, trx, id, 'work.plan')
    await demandVersion(ctx, trx, id, locked, plan)
    if (crew && plan.day) {
      if (locked.status !== 'planned' && !isInTour(locked, crew.id, plan.day)) demandMove(locked.status, 'planned')
      const { department_id } = crew
      await placeInTour(ctx, trx, id, { department_id, crew_id: crew.id, day: plan.day, before: plan.before }, locked)
    } else await takeOff(trx, id, locked, { ...crew, crew_id: crew?.id ?? null, day_on: plan.day })
    await tell(ctx, trx, id, 'work.plan', { crew: plan.crew, day: plan.day })
    // The giver sees it once more, even where it is another department's now.
    return readWork(ctx, trx, id)
  })
}

interface Stop {
  department_id: string
  crew_id: string
  /** YYYY-MM-DD. */
  day: string
  /** Order that comes after it; null: at the end. */
  before: string | null
}

const isInTour = ({ crew_id, day_on, status }: Locked, crewId: string, day: string) =>
  crew_id === crewId && day_on === day && status !== 'not_possible'

/** Puts an order at a place in a tour; the stops after it move on. */
export async function placeInTour(
  ctx: Context,
  trx: Db,
  id: string,
  { department_id, crew_id, day, before }: Stop,
  was?: Locked,
): Promise<void> {
  await oneAtATime(trx)
  const isThere = was && isInTour(was, crew_id, day)
  await trx('work_order')
    .where({ id })
    .update({
      ...{ department_id, crew_id, day_on: day, ...changedNow(trx) },
      ...(!isThere && {
        status: 'planned',
        tour_position: LAST,
        planned_at: null,
        started_at: null,
        finished_at: null,
      }),
    })
  await sql(trx, 'work/renumber', { id, crew_id, day_on: day, before_id: before })
  if (was && !isThere) await closeGap(trx, was)
  if (isThere) return
  const actor_id = actorOf(ctx).accountId
  await enter(trx, id, { kind: 'assigned', status: 'planned', department_id, crew_id, note: day, actor_id })
}

/** Until the tour is numbered. */
const LAST = 2_147_483_647

/** Two who move stops at the same time would each wait for a row of the other. */
export const oneAtATime = (trx: Db) => trx.raw(`SELECT pg_advisory_xact_lock(hashtext('work_order.tour'))`)

/** Takes an order off its tour, under oneAtATime(); the stops after it move up. Throws work-not-allowed. */
export async function takeOff(
  trx: Db,
  id: string,
  was: Locked,
  { crew_id, day_on, department_id }: { crew_id: string | null; day_on: string | null; department_id?: string },
): Promise<void> {
  if (was.status !== 'draft') demandMove(was.status, 'draft')
  await trx('work_order')
    .where({ id })
    .update({
      ...{
        crew_id,
        day_on,
        status: 'draft',
        tour_position: null,
        planned_at: null,
        started_at: null,
        finished_at: null,
      },
      ...(department_id && { department_id }),
      ...changedNow(trx),
    })
  await closeGap(trx, was)
}

/** The stops after one that has gone move up. */
async function closeGap(trx: Db, { crew_id, day_on }: Locked): Promise<void> {
  if (crew_id && day_on) await sql(trx, 'work/renumber', { id: null, crew_id, day_on, before_id: null })
}
