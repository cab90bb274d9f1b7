// Makes a plan better: parts of tours that lie near each other are torn out and put back where they cost least; a plan that is a
// little worse is kept now and then, less often as time goes on (simulated annealing). The way of tearing out strings of
// neighbouring stops follows "slack induction by string removals" (Christiaens and Vanden Berghe, 2020).
import { insertAll } from './insert.ts'
import { leftCost } from './objective.ts'
import type { Problem } from './problem.ts'
import { makeTour, type Tour } from './tour.ts'

export interface State {
  tours: Tour[]
  left: number[]
}

interface Limits {
  iterations: number
  /** True: there is no more time. */
  isOver: () => boolean
  random: () => number
}

/** Stops torn out at once, on average, and from one tour at most. */
const TORN = 10
const LONGEST_STRING = 10
/** Stops without a place that are tried at once. */
const MOST_TRIED = 10
/** How often a place is passed over when a stop is put back. */
const SKIP = 0.01
/** How often some stops in the middle of a torn string stay. */
const SPLIT = 0.5
/** Between looks at the clock. */
const LOOK = 64

export const costOf = (problem: Problem, { tours, left }: State): number =>
  tours.reduce((sum, { cost }) => sum + cost, 0) + leftCost(problem, left)

export function search(problem: Problem, first: State, { iterations, isOver, random }: Limits): State {
  if (problem.stops.length < 2) return first
  const near = neighbours(problem)
  let now = first
  let nowCost = costOf(problem, now)
  let best = now
  let bestCost = nowCost
  // As warm at first as an ordinary leg is long, a hundredth of that at the end.
  const warm = meanLeg(problem, first) || 1
  for (let n = 0; n < iterations; n++) {
    if (n % LOOK === 0 && isOver()) break
    const heat = warm * 0.01 ** (n / iterations)
    const next = tearAndMend(problem, now, near, random)
    const cost = costOf(problem, next)
    if (cost >= nowCost - heat * Math.log(random())) continue
    now = next
    nowCost = cost
    if (cost >= bestCost - 1e-9) continue
    best = next
    bestCost = cost
  }
  return best
}

function tearAndMend(
  problem: Problem,
  { tours, left }: State,
  near: readonly Int32Array[],
  random: () => number,
): State {
  const next = [...tours]
  const torn = tear(problem, next, near, random)
  const [tried, kept] = some(left, random)
  const waiting = sorted(problem, [...torn, ...tried], random)
  return { tours: next, left: [...insertAll(problem, next, waiting, () => random() < SKIP), ...kept] }
}

/** A stretch of the list, and what is not in it: not every stop of a long backlog is tried every time. */
function some(left: readonly number[], random: () => number): [tried: readonly number[], kept: readonly number[]] {
  if (left.length <= MOST_TRIED) return [left, []]
  const from = between(random, 0, left.length - 1)
  const turned = [...left.slice(from), ...left.slice(0, from)]
  return [turned.slice(0, MOST_TRIED), turned.slice(MOST_TRIED)]
}

const between = (random: () => number, least: number, most: number) => least + Math.floor(random() * (most - least + 1))

const NOBODY = -1

/** Tears strings out of tours that pass near one stop; returns what was torn out. */
function tear(problem: Problem, tours: Tour[], near: readonly Int32Array[], random: () => number): number[] {
  const tourOf = new Int32Array(problem.stops.length).fill(NOBODY)
  let placed = 0
  for (const { crew, stops } of tours) {
    placed += stops.length
    for (const n of stops) tourOf[n] = crew
  }
  if (placed === 0) return []
  const used = tours.filter(({ stops }) => stops.length > 0).length
  const longest = Math.min(LONGEST_STRING, Math.max(1, Math.floor(placed / used)))
  const strings = between(random, 1, Math.max(1, Math.floor((4 * TORN) / (1 + longest)) - 1))
  const torn: number[] = []
  const touched = new Set<number>()
  for (const n of near[between(random, 0, problem.stops.length - 1)]!) {
    if (touched.size >= strings) break
    const crew = tourOf[n]!
    if (crew === NOBODY || touched.has(crew)) continue
    touched.add(crew)
    const { stops } = tours[crew]!
    const gone = stringAt(stops, stops.indexOf(n), between(random, 1, Math.min(stops.length, longest)), random)
    torn.push(...gone)
    const isGone = new Set(gone)
    tours[crew] = makeTour(
      problem,
      crew,
      stops.filter((stop) => !isGone.has(stop)),
    )
  }
  return torn
}

/** So many stops of a tour around one of them; sometimes with a gap that stays. */
function stringAt(stops: readonly number[], at: number, length: number, random: () => number): number[] {
  const gap = length > 1 && random() < SPLIT ? between(random, 1, Math.max(1, stops.length - length)) : 0
  const span = Math.min(stops.length, length + gap)
  const first = between(random, Math.max(0, at - span + 1), Math.min(at, stops.length - span))
  const string = stops.slice(first, first + span)
  const kept = span - length
  if (kept === 0) return string
  const from = between(random, 1, length - 1)
  return [...string.slice(0, from), ...string.slice(from + kept)]
}

type Rank = (problem: Problem, n: number) => number
const reach: Rank = ({ stops, crews, size, drive_s }, n) =>
  Math.min(...crews.map(({ start }) => (start === null ? 0 : drive_s[start * size + stops[n]!.at]!)))
const latest: Rank = ({ stops }, n) => Math.min(stops[n]!.window?.[1] ?? Infinity, stops[n]!.due_s ?? Infinity)
/** What is put back first, and how often so. */
const ORDERS: [rank: Rank | null, share: number][] = [
  [null, 4],
  [({ stops }, n) => -stops[n]!.weight, 4],
  [({ stops }, n) => -stops[n]!.load, 2],
  [latest, 2],
  [(problem, n) => -reach(problem, n), 2],
  [reach, 1],
]
const SHARES = ORDERS.reduce((sum, [, share]) => sum + share, 0)

function sorted(problem: Problem, stops: number[], random: () => number): number[] {
  let draw = random() * SHARES
  const [rank] = ORDERS.find(([, share]) => (draw -= share) < 0) ?? ORDERS[0]!
  const ranked = stops.map((n) => ({ n, rank: rank ? rank(problem, n) : 0, by: random() }))
  return ranked.sort((a, b) => (a.rank === b.rank ? a.by - b.by : a.rank < b.rank ? -1 : 1)).map(({ n }) => n)
}

/** All stops by how near they are to each, itself first. */
function neighbours({ stops, size, drive_s }: Problem): Int32Array[] {
  return stops.map(({ at }) => {
    const far = stops.map((other) => drive_s[at * size + other.at]! + drive_s[other.at * size + at]!)
    return Int32Array.from(stops.keys()).sort((a, b) => far[a]! - far[b]!)
  })
}

function meanLeg({ stops, size, drive_s }: Problem, { tours }: State): number {
  let sum = 0
  let legs = 0
  for (const tour of tours)
    for (let i = 1; i < tour.stops.length; i++) {
      sum += drive_s[stops[tour.stops[i - 1]!]!.at * size + stops[tour.stops[i]!]!.at]!
      legs++
    }
  return legs ? sum / legs : 0
}
