// A tour that knows how much later everything after each stop may become, so that a stop can be tried at a place in a moment.
import { lateCost, workPenalty } from './objective.ts'
import type { PlanStop, Problem } from './problem.ts'

export interface Tour {
  /** Place of the crew in the list of crews. */
  crew: number
  stops: readonly number[]
  cost: number
  load: number
  back_s: number
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
  const leave_s = zeros(count + 1)
  const arrive_s = zeros(count + 1)
  const slack_s = zeros(count + 1)
  const wait_s = zeros(count + 1)
  leave_s[0] = crew.from_s
  let [at, cost, load] = [crew.start, 0, 0]
  for (let i = 0; i < count; i++) {
    const stop = problem.stops[stops[i]!]!
    const leg_s = at === null ? 0 : drive_s[at * size + stop.at]!
    arrive_s[i] = leave_s[i]! + leg_s
    const start_s = Math.max(arrive_s[i]!, stop.window?.[0] ?? 0)
    leave_s[i + 1] = start_s + stop.service_s
    cost += leg_s + lateCost(stop, start_s)
    load += stop.load
    at = stop.at
  }
  const home_s = at === null || crew.end === null || count === 0 ? 0 : drive_s[at * size + crew.end]!
  const back_s = leave_s[count]! + home_s
  arrive_s[count] = back_s
  slack_s[count] = crew.to_s - back_s
  for (let i = count - 1; i >= 0; i--) {
    const stop = problem.stops[stops[i]!]!
    const start_s = leave_s[i + 1]! - stop.service_s
    const here_s = start_s - arrive_s[i]!
    wait_s[i] = wait_s[i + 1]! + here_s
    slack_s[i] = here_s + Math.min(latest(stop) - start_s, slack_s[i + 1]!)
  }
  cost = count === 0 ? 0 : cost + home_s + workPenalty(back_s - crew.from_s)
  return { crew: k, stops, cost, load, back_s, leave_s, arrive_s, slack_s, wait_s }
}

/** What it costs more to go to stop n before the i-th of the tour; Infinity where that cannot be, or where it is at least `most`. */
export function insertionCost(problem: Problem, tour: Tour, n: number, i: number, most: number): number {
  const { size, drive_s, stops } = problem
  const crew = problem.crews[tour.crew]!
  const stop = stops[n]!
  const count = tour.stops.length
  const before = i === 0 ? crew.start : stops[tour.stops[i - 1]!]!.at
  const after = i === count ? crew.end : stops[tour.stops[i]!]!.at
  const there_s = before === null ? 0 : drive_s[before * size + stop.at]!
  const on_s = after === null ? 0 : drive_s[stop.at * size + after]!
  const straight_s = before === null || after === null || count === 0 ? 0 : drive_s[before * size + after]!
  let cost = there_s + on_s - straight_s
  if (cost >= most) return Infinity
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
  const { size, drive_s, stops } = problem
  const crew = problem.crews[tour.crew]!
  let now = arrive_s
  let cost = 0
  for (let j = i; j < tour.stops.length; j++) {
    const stop = stops[tour.stops[j]!]!
    const start_s = Math.max(now, stop.window?.[0] ?? 0)
    const was_s = tour.leave_s[j + 1]! - stop.service_s
    cost += lateCost(stop, start_s) - lateCost(stop, was_s)
    if (cost >= most) return Infinity
    const next = j + 1 < tour.stops.length ? stops[tour.stops[j + 1]!]!.at : crew.end
    now = start_s + stop.service_s + (next === null ? 0 : drive_s[stop.at * size + next]!)
  }
  if (now > crew.to_s) return Infinity
  return cost + workPenalty(now - crew.from_s) - workPenalty(tour.back_s - crew.from_s)
}
