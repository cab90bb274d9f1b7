// Proposes the tours of a day and reckons those made by hand in the same way, so that they can be compared. Stores nothing.
import type { z } from 'zod'
import type { Context } from '../../core/http/context.ts'
import { drivingDistances } from '../../places/service.ts'
import { planApart } from '../planning/apart.ts'
import { effortFor, reasonOf } from '../planning/plan.ts'
import type { Problem, Solution } from '../planning/problem.ts'
import { follow, type Schedule } from '../planning/schedule.ts'
import type * as api from './contract.ts'
import { crewsOf, type DayOrder, demandDay, ordersOf } from './day.ts'
import { type Day, dayOf, DRIVE_KMH, momentOf, problemOf } from './problem.ts'

type Asked = z.output<NonNullable<(typeof api.planTours)['body']>>

/** Proposes tours. signal: nobody waits any more. Throws day-over, no-crews, unknown-department. */
export async function proposeTours(ctx: Context, asked: Asked, signal: AbortSignal): Promise<api.Proposal> {
  demandDay(asked.day)
  const now = new Date()
  const crews = await crewsOf(ctx, asked)
  const { orders, passed_over } = await ordersOf(ctx, crews, asked)
  const day = dayOf(asked.day, crews, orders, now)
  const distances = await drivingDistances(ctx.db, day.places)
  const problem = problemOf(day, distances, now, asked.keep_planned)
  const start = performance.now()
  const solution = await planApart(problem, effortFor(day.orders.length), signal)
  const elapsed_ms = Math.round(performance.now() - start)
  return {
    day: asked.day,
    ...{ distances: distances.by, speed_kmh: DRIVE_KMH, elapsed_ms, passed_over },
    plan: told(day, problem, solution, (n) => reasonOf(problem, n)),
    by_hand: told(day, problem, byHand(day), () => 'unplanned'),
  }
}

/** The tours as they are. */
function byHand({ crews, orders }: Day): Solution {
  const all = [...orders.keys()]
  const place = (n: number) => orders[n]!.tour_position ?? 0
  return {
    tours: crews.map(({ slug }) => all.filter((n) => orders[n]!.crew === slug).sort((a, b) => place(a) - place(b))),
    left: all.filter((n) => orders[n]!.crew === null),
  }
}

type Left = api.DayPlan['left'][number]

function told(day: Day, problem: Problem, { tours, left }: Solution, why: (n: number) => Left['reason']): api.DayPlan {
  const each = tours.map((tour, k) => tourOf(day, problem, k, follow(problem, problem.crews[k]!, tour)))
  const sum = (of: (tour: api.PlannedTour) => number) => each.reduce((total, tour) => total + of(tour), 0)
  return {
    tours: each,
    // In the order of the question: what presses most comes first.
    left: left.toSorted((a, b) => a - b).map((n) => ({ ...orderOf(day.orders[n]!), reason: why(n), was_planned: day.orders[n]!.crew !== null })), // prettier-ignore
    distance_m: sum(({ distance_m }) => distance_m),
    drive_min: sum(({ drive_min }) => drive_min),
    late_min: sum(({ late_min }) => late_min),
    late_stops: sum(({ late_stops }) => late_stops),
    over_min: sum(({ over_min }) => over_min),
  }
}

function tourOf({ day, crews, starts, orders }: Day, problem: Problem, k: number, schedule: Schedule): api.PlannedTour {
  const { slug, title, depot } = crews[k]!
  const { begun, from } = starts[k]!
  const { visits } = schedule
  return {
    crew: { slug, title },
    ...{ depot, begun, from },
    leave_at: momentOf(day, schedule.leave_s),
    back_at: momentOf(day, schedule.back_s),
    work_min: minutes(visits.reduce((sum, { stop }) => sum + problem.stops[stop]!.service_s, 0)),
    stops: visits.map(({ stop, arrive_s, start_s, late_s }) => ({
      ...orderOf(orders[stop]!),
      arrive_at: momentOf(day, arrive_s),
      start_at: momentOf(day, start_s),
      late_min: Math.ceil(late_s / 60),
    })),
    distance_m: Math.round(schedule.drive_m),
    drive_min: minutes(schedule.drive_s),
    late_min: visits.reduce((sum, { late_s }) => sum + Math.ceil(late_s / 60), 0),
    late_stops: visits.filter(({ late_s }) => late_s > 0).length,
    over_min: Math.ceil(schedule.over_s / 60),
  }
}

const minutes = (seconds: number) => Math.round(seconds / 60)

const orderOf = ({ id, protocol, version, task, priority, location, address }: DayOrder): api.PlannedOrder => ({ id, protocol, version, task, priority, location, address }) // prettier-ignore
