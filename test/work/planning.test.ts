// The planner alone: what it must keep, what it prefers, and how near it comes to the best there is.
import { expect } from 'chai'
import { planApart } from '../../backend/work/planning/apart.ts'
import { leftCost } from '../../backend/work/planning/objective.ts'
import { construct, effortFor, plan, reasonOf } from '../../backend/work/planning/plan.ts'
import type { PlanCrew, PlanStop, Problem, Solution } from '../../backend/work/planning/problem.ts'
import { follow, isFeasible, tourCost } from '../../backend/work/planning/schedule.ts'
import { costOf } from '../../backend/work/planning/search.ts'
import { insertionCost, makeTour } from '../../backend/work/planning/tour.ts'
import { randomFrom } from '../../backend/work/planning/random.ts'
import { crewAt, madeUpDay, planeProblem, stopAt } from '../support/days.ts'

const HOUR = 3600
const QUICK = { seed: 1, iterations: 400, limit_ms: 10_000 }
/** On a line, a thousand seconds apart; the depot is at the beginning. */
const line = (crews: PlanCrew[], stops: Partial<PlanStop>[]): Problem =>
  planeProblem(
    [0, ...stops].map((_, n) => ({ x: n * 1000, y: 0 })),
    crews,
    stops.map((more, n) => stopAt(n + 1, { crews: crews.map(() => true), ...more })),
  )
const solve = (problem: Problem) => plan(problem, QUICK)
const cost = (problem: Problem, { tours, left }: Solution) =>
  tours.reduce((sum, tour, k) => sum + tourCost(problem, k, tour), 0) + leftCost(problem, left)

describe('the planner', () => {
  const seven = 7 * HOUR

  it('goes out and home again without turning back', () => {
    const { tours, left } = solve(line([crewAt(0)], [{}, {}, {}, {}]))
    expect(left).to.deep.equal([])
    expect([[0, 1, 2, 3], [3, 2, 1, 0]]).to.deep.include(tours[0]) // prettier-ignore
  })

  it('sends only crews that can', () => {
    const { tours } = solve(line([crewAt(0), crewAt(0)], [{ crews: [false, true] }, { crews: [true, false] }]))
    expect(tours).to.deep.equal([[1], [0]])
  })

  it('loads no vehicle beyond what it carries', () => {
    const problem = line([crewAt(0, { load: 2 }), crewAt(0, { load: 3 })], [{}, {}, {}, {}, {}, {}])
    const { tours, left } = solve(problem)
    expect(tours.map(({ length }) => length)).to.deep.equal([2, 3])
    expect(left.length).to.equal(1)
    expect(left.map((n) => reasonOf(problem, n))).to.deep.equal(['no_room'])
  })

  it('is back at the depot before the shift ends', () => {
    // Out to the third and back: 6000 s of driving and three times ten minutes.
    const shift = (to_s: number) => [crewAt(0, { to_s: seven + to_s })]
    expect(solve(line(shift(7800), [{}, {}, {}])).left).to.deep.equal([])
    expect(solve(line(shift(7799), [{}, {}, {}])).left.length).to.equal(1)
  })

  it('without a depot begins at its first stop and ends at its last', () => {
    const problem = line([crewAt(null, { to_s: seven + 2000 + 1800 })], [{}, {}, {}])
    const { tours } = solve(problem)
    expect(follow(problem, problem.crews[0]!, tours[0]!)).to.deep.include({ drive_s: 2000, over_s: 0 })
  })

  it('comes in the time window, and waits where it is early', () => {
    const window = [seven + 4 * HOUR, seven + 5 * HOUR] as const
    const problem = line([crewAt(0)], [{ window }, {}, {}])
    const { tours } = solve(problem)
    const { visits, late_s } = follow(problem, problem.crews[0]!, tours[0]!)
    expect(tours[0]!.at(-1)).to.equal(0)
    expect(late_s).to.equal(0)
    expect(visits.at(-1)!.start_s).to.equal(window[0])
    expect(visits.at(-1)!.arrive_s).to.be.below(window[0])
  })

  it('is on time for what is due before it saves a way', () => {
    const problem = line([crewAt(0)], [{}, {}, { due_s: seven + 3600, is_due: true }])
    const { tours } = solve(problem)
    expect(tours[0]![0]).to.equal(2)
    expect(follow(problem, problem.crews[0]!, tours[0]!).late_s).to.equal(0)
  })

  it('is late rather than leaves a stop out, and leaves out what presses least', () => {
    const late = line([crewAt(0)], [{ window: [0, seven] }])
    expect(solve(late)).to.deep.include({ left: [] })
    const short = line([crewAt(0, { load: 1 })], [{ weight: 2 }, { weight: 8 }, { weight: 4 }])
    expect(solve(short).tours).to.deep.equal([[1]])
    const due = line([crewAt(0, { load: 1 })], [{ weight: 2 }, { weight: 2, is_due: true }])
    expect(solve(due).tours).to.deep.equal([[1]])
  })

  it('picks what presses most from a backlog many times too long', () => {
    const weights = Array.from({ length: 60 }, (_, n) => [1, 2, 4, 8][n % 4]!)
    const problem = line([crewAt(0, { load: 15 })], weights.map((weight) => ({ weight, service_s: 60 }))) // prettier-ignore
    const near = { ...problem, drive_s: problem.drive_s.map((s) => s / 100), drive_m: problem.drive_m }
    const { tours } = plan(near, { ...QUICK, iterations: 2000 })
    expect(tours[0]!.map((n) => weights[n])).to.deep.equal(Array(15).fill(8))
  })

  it('shares the work where the way is the same', () => {
    const problem = planeProblem(
      Array.from({ length: 9 }, () => ({ x: 0, y: 0 })),
      [crewAt(0), crewAt(0)],
      Array.from({ length: 8 }, (_, n) => stopAt(n + 1, { crews: [true, true] })),
    )
    expect(solve(problem).tours.map(({ length }) => length)).to.deep.equal([4, 4])
  })

  it('says why nobody goes', () => {
    const far = { at: 1, service_s: 9 * HOUR }
    const cases: [Partial<PlanStop>, string][] = [[{ crews: [false] }, 'no_crew'], [{ load: 9 }, 'too_heavy'], [far, 'too_long'], [{}, 'no_room']] // prettier-ignore
    for (const [more, reason] of cases) expect(reasonOf(line([crewAt(0, { load: 5 })], [more]), 0)).to.equal(reason)
  })

  it('has nothing to do on an empty day', () => {
    expect(solve(line([crewAt(0)], []))).to.deep.equal({ tours: [[]], left: [] })
    expect(solve(line([], [{}])).left).to.deep.equal([0])
  })

  it('makes the same plan from the same seed, and keeps every rule on made-up days', () => {
    for (const seed of [1, 2, 3]) {
      const problem = madeUpDay({ stops: 40, crews: 3, seed })
      const one = plan(problem, { ...QUICK, seed })
      expect(plan(problem, { ...QUICK, seed })).to.deep.equal(one)
      const all = [...one.tours.flat(), ...one.left].sort((a, b) => a - b)
      expect(all, 'every stop once').to.deep.equal([...problem.stops.keys()])
      one.tours.forEach((tour, k) => expect(isFeasible(problem, k, tour)).to.equal(true))
      expect(cost(problem, one)).to.be.at.most(costOf(problem, construct(problem)))
    }
  })

  it('knows what a stop at a place would cost as exactly as by following the tour', () => {
    let tried = 0
    for (let seed = 1; seed <= 40; seed++) {
      const problem = madeUpDay({ stops: 14, crews: 2, seed })
      const random = randomFrom(seed)
      const stops = [...problem.stops.keys()].slice(1).filter(() => random() < 0.7)
      const tour = makeTour(problem, 0, stops)
      if (follow(problem, problem.crews[0]!, stops).over_s > 0) continue
      tried++
      expect(tour.cost).to.be.closeTo(tourCost(problem, 0, stops), 1e-6)
      for (let i = 0; i <= stops.length; i++) {
        const longer = stops.toSpliced(i, 0, 0)
        const isLate = follow(problem, problem.crews[0]!, longer).over_s > 0
        const exact = isLate ? Infinity : tourCost(problem, 0, longer) - tour.cost
        const known = insertionCost(problem, tour, 0, i, Infinity)
        if (exact === Infinity) expect(known).to.equal(Infinity)
        else expect(known).to.be.closeTo(exact, 1e-6)
      }
    }
    expect(tried).to.be.above(5)
  })

  it('plans in a thread of its own, one day after the other, and stops when nobody waits any more', async () => {
    const small = madeUpDay({ stops: 20, crews: 2, seed: 1 })
    const large = madeUpDay({ stops: 150, crews: 5, seed: 1 })
    const gone = new AbortController()
    const waits = new AbortController().signal
    const endless = planApart(large, { seed: 1, iterations: Infinity, limit_ms: 50_000 }, gone.signal)
    const next = planApart(small, QUICK, waits)
    setTimeout(() => gone.abort(), 300)
    const failure = await endless.catch((error: unknown) => error)
    expect((failure as Error).name).to.equal('AbortError')
    expect(await next).to.deep.equal(plan(small, QUICK))
  })

  it('finds the best tour of twelve stops, as trying all shows', function () {
    this.timeout(60_000)
    for (const seed of [1, 2, 3]) {
      const problem = anyCrew(madeUpDay({ stops: 12, crews: 1, seed }))
      const found = plan(problem, effortFor(12))
      expect(found.left).to.deep.equal([])
      const drive_s = follow(problem, problem.crews[0]!, found.tours[0]!).drive_s
      expect(drive_s).to.be.closeTo(shortest(problem), 1e-6)
    }
  })
})

/** Only the way counts: no windows, one crew for all, and a shift that is long enough. */
const anyCrew = (problem: Problem): Problem => ({
  ...problem,
  crews: problem.crews.map((crew) => ({ ...crew, to_s: 40 * HOUR, load: Infinity })),
  stops: problem.stops.map((stop) => ({ ...stop, window: null, crews: [true] })),
})

/** The shortest way round all stops: every set of stops by where it ends (Held and Karp). */
function shortest({ size, drive_s, stops }: Problem): number {
  const count = stops.length
  const best = new Float64Array((1 << count) * count).fill(Infinity)
  for (let n = 0; n < count; n++) best[(1 << n) * count + n] = drive_s[n + 1]!
  for (let set = 1; set < 1 << count; set++)
    for (let last = 0; last < count; last++) {
      const so_far = best[set * count + last]!
      if (so_far === Infinity) continue
      for (let next = 0; next < count; next++) {
        if (set & (1 << next)) continue
        const at = (set | (1 << next)) * count + next
        best[at] = Math.min(best[at]!, so_far + drive_s[(last + 1) * size + next + 1]!)
      }
    }
  const all = ((1 << count) - 1) * count
  return Math.min(...Array.from({ length: count }, (_, last) => best[all + last]! + drive_s[(last + 1) * size]!))
}
