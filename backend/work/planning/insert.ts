// Puts stops where they cost least: the first plan, and the mending of a torn one.
import { leftPenalty } from './objective.ts'
import type { Problem } from './problem.ts'
import { detour, insertionCost, makeTour, type Tour } from './tour.ts'

interface Place {
  crew: number
  before: number
  cost: number
}

/**
 * Puts stops into the tours, each in its turn at the place where it costs least; the tours in the list are replaced. Returns those that
 * fit nowhere or cost more than leaving them. skips: whether a place is passed over, so that not always the same plan comes out.
 */
export function insertAll(
  problem: Problem,
  tours: Tour[],
  stops: readonly number[],
  skips: () => boolean = () => false,
): number[] {
  const left: number[] = []
  for (const n of stops) {
    const place = cheapestPlace(problem, tours, n, skips)
    if (!place) left.push(n)
    else tours[place.crew] = makeTour(problem, place.crew, tours[place.crew]!.stops.toSpliced(place.before, 0, n))
  }
  return left
}

function cheapestPlace(problem: Problem, tours: readonly Tour[], n: number, skips: () => boolean): Place | undefined {
  const stop = problem.stops[n]!
  let best: Place | undefined
  let least = leftPenalty(stop)
  for (const tour of tours) {
    if (!stop.crews[tour.crew] || tour.load + stop.load > problem.crews[tour.crew]!.load) continue
    for (let i = 0; i <= tour.stops.length; i++) {
      if (detour(problem, tour, stop.at, i) >= least || skips()) continue
      const cost = insertionCost(problem, tour, n, i, least)
      if (cost >= least) continue
      least = cost
      best = { crew: tour.crew, before: i, cost }
    }
  }
  return best
}
