// The last polish: single moves, each taken as soon as it makes the plan better, until none does.
import type { Problem } from './problem.ts'
import { isFeasible, tourCost } from './schedule.ts'
import { makeTour, type Tour } from './tour.ts'

/** Stops that are moved together. */
const LONGEST = 3

type Change = readonly [crew: number, stops: readonly number[]][]

/** Turns parts of tours round (2-opt), moves up to three stops that follow each other elsewhere (Or-opt), exchanges two stops. */
export function improve(problem: Problem, tours: readonly Tour[], isOver: () => boolean): Tour[] {
  const now = [...tours]
  for (let isBetter = true; isBetter && !isOver();) {
    isBetter = false
    for (const { crew } of tours)
      for (const { crew: other } of tours) while (improvePair(problem, now, crew, other, isOver)) isBetter = true
  }
  return now
}

/** Takes the first move within a tour, or between two, that makes them better. False: there is none. */
function improvePair(problem: Problem, tours: Tour[], crew: number, other: number, isOver: () => boolean): boolean {
  for (const change of moves(tours[crew]!, tours[other]!)) {
    if (isOver()) return false
    if (!isGain(problem, tours, change)) continue
    for (const [k, stops] of change) tours[k] = makeTour(problem, k, stops)
    return true
  }
  return false
}

function isGain(problem: Problem, tours: readonly Tour[], change: Change): boolean {
  const before = change.reduce((sum, [crew]) => sum + tours[crew]!.cost, 0)
  const after = change.reduce((sum, [crew, stops]) => sum + tourCost(problem, crew, stops), 0)
  return after < before - 1e-6 && change.every(([crew, stops]) => isFeasible(problem, crew, stops))
}

function* moves({ crew, stops }: Tour, other: Tour): Generator<Change> {
  if (other.crew === crew) yield* turns(crew, stops)
  yield* relocations(crew, stops, other)
  if (other.crew > crew) yield* exchanges(crew, stops, other)
}

function* turns(crew: number, stops: readonly number[]): Generator<Change> {
  for (let i = 0; i < stops.length - 1; i++)
    for (let j = i + 2; j <= stops.length; j++)
      yield [[crew, [...stops.slice(0, i), ...stops.slice(i, j).reverse(), ...stops.slice(j)]]]
}

function* relocations(crew: number, stops: readonly number[], to: Tour): Generator<Change> {
  for (let length = 1; length <= LONGEST; length++)
    for (let i = 0; i + length <= stops.length; i++) {
      const moved = stops.slice(i, i + length)
      const rest = stops.toSpliced(i, length)
      const others = to.crew === crew ? rest : to.stops
      for (let j = 0; j <= others.length; j++) {
        const placed = others.toSpliced(j, 0, ...moved)
        yield to.crew === crew ? [[crew, placed]] : [[crew, rest], [to.crew, placed]] // prettier-ignore
      }
    }
}

function* exchanges(crew: number, stops: readonly number[], to: Tour): Generator<Change> {
  for (let i = 0; i < stops.length; i++)
    for (let j = 0; j < to.stops.length; j++)
      yield [[crew, stops.with(i, to.stops[j]!)], [to.crew, to.stops.with(j, stops[i]!)]] // prettier-ignore
}
