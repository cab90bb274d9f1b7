// A tour followed from its beginning to its end: when the crew is where, and what that costs.
import { lateness, latePenalty, workPenalty } from './objective.ts'
import type { Clock_s, PlanCrew, Problem } from './problem.ts'

export interface Visit {
  stop: number
  arrive_s: Clock_s
  /** Work begins; later than the arrival where the window opens later. */
  start_s: Clock_s
  late_s: number
}

export interface Schedule {
  visits: Visit[]
  drive_s: number
  drive_m: number
  late_s: number
  load: number
  leave_s: Clock_s
  back_s: Clock_s
  /** Seconds after the end of the shift; a plan of ours has none. */
  over_s: number
}

const leg = (matrix: Float64Array, size: number, a: number | null, b: number | null): number =>
  a === null || b === null ? 0 : matrix[a * size + b]!

/** The day of one crew that goes to these stops in this order. */
export function follow(problem: Problem, crew: PlanCrew, tour: readonly number[]): Schedule {
  const { size, stops } = problem
  const schedule: Schedule = { visits: [], drive_s: 0, drive_m: 0, late_s: 0, load: 0, leave_s: crew.from_s, back_s: crew.from_s, over_s: 0 } // prettier-ignore
  let at = crew.start
  let now = crew.from_s
  const go = (to: number | null): void => {
    const drive_s = leg(problem.drive_s, size, at, to)
    schedule.drive_s += drive_s
    schedule.drive_m += leg(problem.drive_m, size, at, to)
    now += drive_s
    at = to ?? at
  }
  for (const n of tour) {
    const stop = stops[n]!
    go(stop.at)
    const start_s = Math.max(now, stop.window?.[0] ?? 0)
    const late_s = lateness(stop, start_s)
    schedule.visits.push({ stop: n, arrive_s: now, start_s, late_s })
    schedule.late_s += late_s
    schedule.load += stop.load
    now = start_s + stop.service_s
  }
  if (tour.length > 0) go(crew.end)
  schedule.back_s = now
  schedule.over_s = Math.max(0, now - crew.to_s)
  return schedule
}

export const isFeasible = (problem: Problem, k: number, tour: readonly number[]): boolean => {
  const crew = problem.crews[k]!
  if (!tour.every((n) => problem.stops[n]!.crews[k])) return false
  const { over_s, load } = follow(problem, crew, tour)
  return over_s <= 1e-6 && load <= crew.load
}

/** What the tour of a crew costs, in seconds of driving; an empty one nothing. */
export function tourCost(problem: Problem, k: number, tour: readonly number[]): number {
  if (tour.length === 0) return 0
  const { visits, drive_s, back_s, leave_s } = follow(problem, problem.crews[k]!, tour)
  const late = visits.reduce((sum, { stop, late_s }) => sum + latePenalty(problem.stops[stop]!, late_s), 0)
  return drive_s + late + workPenalty(back_s - leave_s)
}
