// From a problem to a plan: a first plan by insertion, then a search, then a polish. The same seed gives the same plan.
import { improve } from './improve.ts'
import { insertAll } from './insert.ts'
import type { Problem, Solution } from './problem.ts'
import { randomFrom } from './random.ts'
import { search, type State } from './search.ts'
import { follow } from './schedule.ts'
import { makeTour } from './tour.ts'

export interface Effort {
  seed: number
  /** Steps of the search; what makes two runs equal. */
  iterations: number
  /** Whatever the steps: no longer than this. Two runs that are cut off may differ. */
  limit_ms: number
}

/** Part of the time for the search; what is left is for the polish. */
const SEARCH = 0.9

/** Steps of the search for so many stops: enough that more hardly help; see test/bench/planner.ts. */
export const effortFor = (stops: number): Effort => ({ seed: 1, iterations: 2000 + 100 * stops, limit_ms: 8000 })

/** Shares stops among crews and puts them in order. Skills, shift and load are kept; see objective.ts for what is good. */
export function plan(problem: Problem, { seed, iterations, limit_ms }: Effort): Solution {
  const start = performance.now()
  const gone = () => (performance.now() - start) / limit_ms
  const found = search(problem, construct(problem), {
    iterations,
    gone: () => gone() / SEARCH,
    random: randomFrom(seed),
  })
  const { tours, left } = found
  return { tours: improve(problem, tours, () => gone() > 1).map(({ stops }) => [...stops]), left }
}

/** What presses most goes first, then what lies farthest away: the rest finds its place between. */
export function construct(problem: Problem): State {
  const { stops, crews, size, drive_s } = problem
  const farthest = (n: number) =>
    Math.max(0, ...crews.map(({ start }) => (start === null ? 0 : drive_s[start * size + stops[n]!.at]!)))
  const order = [...stops.keys()]
    .map((n) => ({ n, weight: stops[n]!.weight * (stops[n]!.is_due ? 2 : 1), far: farthest(n) }))
    .sort((a, b) => b.weight - a.weight || b.far - a.far || a.n - b.n)
    .map(({ n }) => n)
  const tours = crews.map((_, k) => makeTour(problem, k, []))
  const left = insertAll(problem, tours, order)
  return { tours, left }
}

export type Reason = 'no_crew' | 'too_heavy' | 'too_long' | 'no_room'

/** Why nobody goes to a stop. */
export function reasonOf(problem: Problem, n: number): Reason {
  const stop = problem.stops[n]!
  const able = problem.crews.filter((_, k) => stop.crews[k])
  if (able.length === 0) return 'no_crew'
  const strong = able.filter(({ load }) => load >= stop.load)
  if (strong.length === 0) return 'too_heavy'
  return strong.some((crew) => follow(problem, crew, [n]).over_s === 0) ? 'no_room' : 'too_long'
}
