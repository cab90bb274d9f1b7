// Days made up for the planner: the same seed gives the same day.
import type { PlanCrew, PlanStop, Problem } from '../../backend/work/planning/problem.ts'
import { randomFrom } from '../../backend/work/planning/random.ts'

const HOUR = 3600

interface Spot {
  x: number
  y: number
}

/** Straight lines on a plane, metres, at so many metres in a second. */
export function planeProblem(
  spots: readonly Spot[],
  crews: readonly PlanCrew[],
  stops: readonly PlanStop[],
  metres_per_s = 1,
): Problem {
  const size = spots.length
  const drive_m = Float64Array.from({ length: size * size }, (_, n) => {
    const [a, b] = [spots[Math.floor(n / size)]!, spots[n % size]!]
    return Math.hypot(a.x - b.x, a.y - b.y)
  })
  return { size, drive_m, drive_s: drive_m.map((m) => m / metres_per_s), crews, stops }
}

export const crewAt = (start: number | null, more: Partial<PlanCrew> = {}): PlanCrew => ({
  ...{ start, end: start, from_s: 7 * HOUR, to_s: 15 * HOUR, load: Infinity },
  ...more,
})

export const stopAt = (at: number, more: Partial<PlanStop> = {}): PlanStop => ({
  ...{ at, service_s: 600, load: 1, window: null, due_s: null, is_due: false, weight: 2, crews: [true] },
  ...more,
})

/**
 * A day as Solomon makes his instances: places half at random and half in clusters in a town of 8 by 8 km, a depot in the middle,
 * crews of 8 hours; a third of the stops have a window of two hours, some press more, some need one of two skills.
 */
export function madeUpDay({
  stops: count,
  crews: crewCount,
  seed,
}: {
  stops: number
  crews: number
  seed: number
}): Problem {
  const random = randomFrom(seed)
  const SIDE = 8000
  const near = () => (random() + random() + random() - 1.5) * 1200
  const within = (value: number) => Math.min(SIDE, Math.max(0, value))
  const centres = Array.from({ length: 5 }, () => ({ x: random() * SIDE, y: random() * SIDE }))
  const spots: Spot[] = [{ x: SIDE / 2, y: SIDE / 2 }]
  for (let n = 0; n < count; n++) {
    const centre = centres[n % centres.length]!
    spots.push(
      n % 2
        ? { x: random() * SIDE, y: random() * SIDE }
        : { x: within(centre.x + near()), y: within(centre.y + near()) },
    )
  }
  const crews = Array.from({ length: crewCount }, () => crewAt(0, { load: Math.ceil((count / crewCount) * 1.25) }))
  // As much work as fits with the way between.
  const service_s = Math.min(1800, Math.floor(((8 * HOUR * crewCount) / count) * 0.6))
  const stops = Array.from({ length: count }, (_, n) => {
    const opens = (7 + Math.floor(random() * 6)) * HOUR
    return stopAt(n + 1, {
      service_s: Math.round(service_s * (0.5 + random())),
      window: random() < 1 / 3 ? [opens, opens + 2 * HOUR] : null,
      weight: [1, 2, 2, 2, 2, 4, 4, 8][Math.floor(random() * 8)]!,
      crews: crews.map((_crew, k) => n % 7 > 0 || k % 2 === Math.floor(n / 7) % 2),
    })
  })
  // 25 km an hour, and streets a third longer than straight lines.
  return planeProblem(spots, crews, stops, 25_000 / HOUR / 1.3)
}

/** The same places with nothing but loads: each stop one to ten, each vehicle a fifth part more than its share. */
export function loadsOnly(problem: Problem): Problem {
  const random = randomFrom(problem.stops.length)
  const stops = problem.stops.map(({ at }) => stopAt(at, { load: 1 + Math.floor(random() * 10), service_s: 0, crews: problem.crews.map(() => true) })) // prettier-ignore
  const load = Math.ceil((stops.reduce((sum, stop) => sum + stop.load, 0) / problem.crews.length) * 1.2)
  return { ...problem, stops, crews: problem.crews.map((crew) => ({ ...crew, load, to_s: 40 * HOUR })) }
}
