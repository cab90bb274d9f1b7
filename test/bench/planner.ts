// How good the planner is and what it takes: days made up from a fixed seed, against going to the nearest stop next, against the same
// planner with ten times the steps, and against a bound below which nobody comes; and what other requests feel meanwhile.
import { planApart } from '../../backend/work/planning/apart.ts'
import { leftCost } from '../../backend/work/planning/objective.ts'
import { effortFor, plan } from '../../backend/work/planning/plan.ts'
import type { Problem, Solution } from '../../backend/work/planning/problem.ts'
import { follow, isFeasible, tourCost } from '../../backend/work/planning/schedule.ts'
import { loadsOnly, madeUpDay } from '../support/days.ts'
import { ask, p95, type Parts } from './measure.ts'

const SEEDS = [1, 2]
const SIZES = [50, 200]
const CREWS = 5
const LONG = 10
/** Nobody waits for it here. */
const NO_LIMIT_MS = 600_000

export async function measurePlanner({ inside }: Parts): Promise<void> {
  for (const stops of SIZES)
    for (const seed of SEEDS) {
      tell(`day, ${stops} stops, seed ${seed}`, madeUpDay({ stops, crews: CREWS, seed }))
      // As Uchoa and others make theirs: only the way and the load count.
      tell(`loads, ${stops} stops, seed ${seed}`, loadsOnly(madeUpDay({ stops, crews: CREWS, seed })))
    }
  await measureOthers(inside)
}

function tell(name: string, problem: Problem): void {
  const effort = effortFor(problem.stops.length)
  const start = performance.now()
  const ours = plan(problem, effort)
  const seconds = (performance.now() - start) / 1000
  const long = plan(problem, { ...effort, iterations: effort.iterations * LONG, limit_ms: NO_LIMIT_MS })
  const simple = nearestNext(problem)
  const [a, b] = [costOf(problem, ours), costOf(problem, long)]
  process.stdout.write(
    [
      name.padEnd(26),
      `${seconds.toFixed(1)} s`,
      `ours ${summary(problem, ours)}`,
      `nearest ${summary(problem, simple)}`,
      `${LONG} x longer ${summary(problem, long)}, gap ${((a / b - 1) * 100).toFixed(1)} %`,
      `bound ${(spanningTree(problem) / 1000).toFixed(1)} km`,
    ].join('   ') + '\n',
  )
}

const kilometres = (problem: Problem, { tours }: Solution) =>
  tours.reduce((sum, tour, k) => sum + follow(problem, problem.crews[k]!, tour).drive_m, 0) / 1000
const late_min = (problem: Problem, { tours }: Solution) =>
  tours.reduce((sum, tour, k) => sum + follow(problem, problem.crews[k]!, tour).late_s, 0) / 60
const summary = (problem: Problem, plan: Solution) =>
  `${kilometres(problem, plan).toFixed(1)} km, ${Math.round(late_min(problem, plan))} min late, ${plan.left.length} left`
const costOf = (problem: Problem, { tours, left }: Solution) =>
  tours.reduce((sum, tour, k) => sum + tourCost(problem, k, tour), 0) + leftCost(problem, left)

/** What a crew without a planner does: each goes to the nearest stop that is left, while it can. */
function nearestNext(problem: Problem): Solution {
  const left = new Set(problem.stops.keys())
  const tours = problem.crews.map((crew, k) => {
    const tour: number[] = []
    for (;;) {
      const at = tour.length > 0 ? problem.stops[tour.at(-1)!]!.at : (crew.start ?? 0)
      const far = (n: number) => problem.drive_s[at * problem.size + problem.stops[n]!.at]!
      const next = [...left].filter((n) => isFeasible(problem, k, [...tour, n])).sort((a, b) => far(a) - far(b))[0]
      if (next === undefined) return tour
      tour.push(next)
      left.delete(next)
    }
  })
  return { tours, left: [...left] }
}

/** Metres of the shortest net that joins all places (Prim): no tours are shorter than that. */
function spanningTree({ size, drive_m }: Problem): number {
  const far = new Float64Array(size).fill(Infinity)
  const waiting = new Set(Array.from({ length: size }, (_, n) => n))
  far[0] = 0
  let sum = 0
  while (waiting.size > 0) {
    const next = [...waiting].reduce((a, b) => (far[b]! < far[a]! ? b : a))
    waiting.delete(next)
    sum += far[next]!
    for (const n of waiting) far[n] = Math.min(far[n]!, drive_m[next * size + n]!)
  }
  return sum
}

/** The time of other requests of the same process, idle and while a large day is planned. */
async function measureOthers(inside: string): Promise<void> {
  const times = async (until: () => boolean): Promise<number[]> => {
    const taken: number[] = []
    while (!until()) {
      const start = performance.now()
      await ask(`${inside}/api/categories`, 200)
      taken.push(performance.now() - start)
    }
    return taken
  }
  await times(after(2000))
  const idle = await times(after(3000))
  let isPlanned = false
  const problem = madeUpDay({ stops: 200, crews: CREWS, seed: 1 })
  const planning = planApart(problem, effortFor(200), new AbortController().signal).then(() => (isPlanned = true))
  const busy = await times(() => isPlanned)
  await planning
  const said = (name: string, values: number[]) => `${name} ${p95(values).toFixed(1)} ms (${values.length} requests)`
  process.stdout.write(`another request, p95: ${said('idle', idle)}, ${said('while a day is planned', busy)}\n`)
}

function after(ms: number): () => boolean {
  const end = Date.now() + ms
  return () => Date.now() > end
}
