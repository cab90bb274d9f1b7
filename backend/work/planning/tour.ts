// A tour that knows how much later everything after each stop may become, so that a stop can be tried at a place in a moment.
import { lateCost, workPenalty } from './objective.ts'
import type { PlanStop, Problem } from './problem.ts'

/** Instead of a place in the matrix. */
const NOWHERE = -1

export interface Tour {
  /** Place of the crew in the list of crews. */
  crew: number
  stops: readonly number[]
  cost: number
  load: number
  back_s: number
  /** Places in the matrix: the start, each stop, the end; NOWHERE without a depot. Two longer than the stops. */
  at: number[]
  /** From each of these to the next. One longer than the stops. */
  leg_s: number[]
  /** When the crew leaves each stop; before the first: when it sets out. One longer than the stops. */
  leave_s: number[]
  /** When it arrives at each stop, and at last at the depot. One longer than the stops. */
  arrive_s: number[]
  /** How much later it may arrive there with nobody served later than promised and the shift kept; below 0: it is late already. */
  slack_s: number[]
  /** How long it waits there and after. */
  wait_s: number[]
}

/** When the work may begin at the latest without being late. */
const latest = ({ window, due_s, service_s }: PlanStop): number =>
  Math.min(window?.[1] ?? Infinity, due_s === null ? Infinity : due_s - service_s)

// Arrays of this size are made far more often than read: plain ones are made faster than typed ones.
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

export function makeTour(problem: Problem, k: number, stops: readonly number[]): Tour {
  const { size, drive_s } = problem
  const crew = problem.crews[k]!
  const count = stops.length
  const at = [crew.start ?? NOWHERE, ...stops.map((n) => problem.stops[n]!.at), crew.end ?? NOWHERE]
  const leg_s = zeros(count + 1)
  const leave_s = zeros(count + 1)
  const arrive_s = zeros(count + 1)
  const slack_s = zeros(count + 1)
  const wait_s = zeros(count + 1)
  // Who has no stops goes nowhere.
  if (count > 0)
    for (let i = 0; i <= count; i++)
      leg_s[i] = at[i] === NOWHERE || at[i + 1] === NOWHERE ? 0 : drive_s[at[i]! * size + at[i + 1]!]!
  leave_s[0] = crew.from_s
  let [cost, load] = [leg_s[count]!, 0]
  for (let i = 0; i < count; i++) {
    const stop = problem.stops[stops[i]!]!
    arrive_s[i] = leave_s[i]! + leg_s[i]!
    const start_s = Math.max(arrive_s[i]!, stop.window?.[0] ?? 0)
    leave_s[i + 1] = start_s + stop.service_s
    cost += leg_s[i]! + lateCost(stop, start_s)
    load += stop.load
  }
  const back_s = leave_s[count]! + leg_s[count]!
  arrive_s[count] = back_s
  slack_s[count] = crew.to_s - back_s
  for (let i = count - 1; i >= 0; i--) {
    const stop = problem.stops[stops[i]!]!
    const start_s = leave_s[i + 1]! - stop.service_s
    const here_s = start_s - arrive_s[i]!
    wait_s[i] = wait_s[i + 1]! + here_s
    slack_s[i] = here_s + Math.min(latest(stop) - start_s, slack_s[i + 1]!)
  }
  if (count > 0) cost += workPenalty(back_s - crew.from_s)
  return { crew: k, stops, cost, load, back_s, at, leg_s, leave_s, arrive_s, slack_s, wait_s }
}

/** How much longer the way is with place `to` before the i-th stop; most places are out of question by this alone. */
export function detour({ size, drive_s }: Problem, { at, leg_s }: Tour, to: number, i: number): number {
  const [before, after] = [at[i]!, at[i + 1]!]
  const there_s = before === NOWHERE ? 0 : drive_s[before * size + to]!
  const on_s = after === NOWHERE ? 0 : drive_s[to * size + after]!
  return there_s + on_s - leg_s[i]!
}

/** What it costs more to go to stop n before the i-th of the tour; Infinity where that cannot be, or where it is at least `most`. */
export function insertionCost(problem: Problem, tour: Tour, n: number, i: number, most: number): number {
  const { size, drive_s } = problem
  const crew = problem.crews[tour.crew]!
  const stop = problem.stops[n]!
  const count = tour.stops.length
  let cost = detour(problem, tour, stop.at, i)
  if (cost >= most) return Infinity
  const [before, after] = [tour.at[i]!, tour.at[i + 1]!]
  const there_s = before === NOWHERE ? 0 : drive_s[before * size + stop.at]!
  const on_s = after === NOWHERE ? 0 : drive_s[stop.at * size + after]!
  const start_s = Math.max(tour.leave_s[i]! + there_s, stop.window?.[0] ?? 0)
  cost += lateCost(stop, start_s)
  if (cost >= most) return Infinity
  const arrive_s = start_s + stop.service_s + on_s
  const work_s = tour.back_s - crew.from_s
  // An empty tour has no way home to be put off.
  const delay_s = count === 0 ? arrive_s - crew.from_s : arrive_s - tour.arrive_s[i]!
  if (delay_s <= tour.slack_s[i]!) {
    const more_s = Math.max(0, delay_s - tour.wait_s[i]!)
    return cost + workPenalty(work_s + more_s) - workPenalty(work_s)
  }
  return cost + delayCost(problem, tour, i, arrive_s, most - cost)
}

/** What it costs when the crew arrives at the i-th stop later than so far; Infinity where the shift does not allow it. */
function delayCost(problem: Problem, tour: Tour, i: number, arrive_s: number, most: number): number {
  const { stops } = problem
  const crew = problem.crews[tour.crew]!
  let now = arrive_s
  let cost = 0
  for (let j = i; j < tour.stops.length; j++) {
    const stop = stops[tour.stops[j]!]!
    const start_s = Math.max(now, stop.window?.[0] ?? 0)
    const was_s = tour.leave_s[j + 1]! - stop.service_s
    cost += lateCost(stop, start_s) - lateCost(stop, was_s)
    if (cost >= most) return Infinity
    now = start_s + stop.service_s + tour.leg_s[j + 1]!
  }
  if (now > crew.to_s) return Infinity
  return cost + workPenalty(now - crew.from_s) - workPenalty(tour.back_s - crew.from_s)
}
