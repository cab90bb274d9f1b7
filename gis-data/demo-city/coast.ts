import { along, distance, length, normal, offset, smooth, snap } from './geometry.ts'
import type { Point, Ring } from './geometry.ts'
import type { Random } from './random.ts'

/** Middle of the harbour front; the town is drawn in metres from here. */
const TOWN: Point = [250, -1750]
export const town = (east: number, north: number): Point => [TOWN[0] + east, TOWN[1] + north]

const SEMI_EAST_M = 4450
const SEMI_NORTH_M = 2850
const WEST_CAPE = town(-1130, -930)
const EAST_CAPE = town(1330, -900)

export interface Coast {
  /** Land with the moles, counter-clockwise. */
  land: Ring
  /** The shore of the town bay from the west cape to the east cape, without the moles. */
  shore: Point[]
  moles: Ring[]
  jetties: Ring[]
  /** Stretches of natural shore used as beaches. */
  beaches: Point[][]
}

export function drawCoast(random: Random): Coast {
  const wild = drawWildCoast(random)
  const shore = drawBay(random)
  const base = [...wild, ...shore]
  const moles = [
    drawMole(shore, town(405, -70), [town(455, -215), town(420, -330), town(300, -410), town(150, -425)], 13),
    drawMole(shore, town(-445, -105), [town(-400, -230), town(-300, -330)], 10),
  ]
  let land = base.map(snap)
  for (const mole of moles) land = attach(land, mole)
  const jetties = [0.3, 0.42, 0.55, 0.66].map((share) => drawJetty(shore, share))
  const beaches = [
    cut(wild, -0.9, 500),
    cut(wild, 0.16, 420),
    cut(wild, 1.72, 520),
    cut(wild, 2.75, 380),
    cut(wild, -2.35, 300),
    shorePart(shore, town(480, -90), town(1000, -460)),
  ]
  return { land, shore, moles, jetties, beaches }
}

/** Rocky coast from the east cape round the north to the west cape. */
function drawWildCoast(random: Random): Point[] {
  const waves = Array.from({ length: 46 }, (_, i) => ({
    times: i + 2,
    phase: random.between(0, 2 * Math.PI),
    height: random.between(0.5, 1.1) / (i + 2) ** 1.12,
  }))
  const from = Math.atan2(EAST_CAPE[1], EAST_CAPE[0])
  const to = Math.atan2(WEST_CAPE[1], WEST_CAPE[0]) + 2 * Math.PI
  const bays = [
    { angle: 1.72, width: 0.11, depth: 0.2 },
    { angle: 0.16, width: 0.1, depth: 0.13 },
    { angle: 2.75, width: 0.09, depth: 0.12 },
    { angle: -0.9 + 2 * Math.PI, width: 0.06, depth: 0.07 },
    { angle: -0.9, width: 0.06, depth: 0.07 },
    { angle: 3.9, width: 0.08, depth: 0.1 },
  ]
  const count = 1150
  const points: Point[] = []
  for (let i = 0; i <= count; i++) {
    const angle = from + ((to - from) * i) / count
    const ends = Math.min(1, (angle - from) / 0.12, (to - angle) / 0.12)
    const roughness = waves.reduce((sum, w) => sum + w.height * Math.sin(w.times * angle + w.phase), 0) * 0.13 * ends
    const carved = bays.reduce((sum, b) => sum + b.depth * Math.exp(-(((angle - b.angle) / b.width) ** 2)), 0) * ends
    const round = 1 / Math.hypot(Math.cos(angle) / SEMI_EAST_M, Math.sin(angle) / SEMI_NORTH_M)
    const capes = i < 1 ? Math.hypot(...EAST_CAPE) : Math.hypot(...WEST_CAPE)
    const near = ends < 1 ? (angle - from < 0.2 ? Math.hypot(...EAST_CAPE) : capes) : round
    const radius = round * ends + near * (1 - ends)
    const r = radius * (1 + roughness - carved + 0.03 * ends)
    points.push([r * Math.cos(angle), r * Math.sin(angle)])
  }
  return points
}

function drawBay(random: Random): Point[] {
  const west = smooth(
    [
      WEST_CAPE,
      town(-1090, -760),
      town(-1030, -600),
      town(-985, -470),
      town(-880, -320),
      town(-740, -215),
      town(-600, -150),
      town(-430, -100),
    ],
    22,
  )
  const quay = [
    town(-430, -100),
    town(-310, -72),
    town(-190, -42),
    town(-60, -34),
    town(70, -34),
    town(200, -42),
    town(310, -56),
    town(430, -76),
  ]
  const east = smooth(
    [
      town(430, -76),
      town(560, -105),
      town(700, -175),
      town(840, -275),
      town(960, -400),
      town(1040, -530),
      town(1130, -650),
      town(1230, -780),
      EAST_CAPE,
    ],
    22,
  )
  const rough = (line: Point[]): Point[] =>
    line.map((p, i) =>
      i === 0 || i === line.length - 1 ? p : [p[0] + random.between(-3, 3), p[1] + random.between(-3, 3)],
    )
  return [...rough(west), ...quay.slice(1, -1), ...rough(east)].slice(1, -1)
}

function drawMole(shore: readonly Point[], root: Point, bend: readonly Point[], width_m: number): Ring {
  const start = nearestOn(shore, root)
  const spine = [start, ...bend]
  const right = offset(spine, -width_m / 2)
  const left = offset(spine, width_m / 2)
  return [...left, ...right.reverse()].map(snap)
}

/** Opens the coast where the mole starts and leads it round the mole. */
function attach(land: Ring, mole: Ring): Ring {
  const half = mole.length / 2
  const left = mole.slice(0, half)
  const right = mole.slice(half)
  const root: Point = [(left[0]![0] + right[half - 1]![0]) / 2, (left[0]![1] + right[half - 1]![1]) / 2]
  let best = 0
  let least = Infinity
  land.forEach((p, i) => {
    const q = land[(i + 1) % land.length]!
    const d = distance(p, root) + distance(q, root) - distance(p, q)
    if (d < least) {
      least = d
      best = i
    }
  })
  // Walking with the land on the left the mole is on the right: out along its right-hand side, back along the other.
  const out =
    distance(land[best]!, right[half - 1]!) < distance(land[best]!, left[0]!)
      ? [...right].reverse().concat([...left].reverse())
      : [...left, ...right]
  return [...land.slice(0, best + 1), ...out, ...land.slice(best + 1)]
}

function nearestOn(line: readonly Point[], target: Point): Point {
  let best = line[0]!
  for (let m = 0; m < length(line); m += 1) {
    const { point } = along(line, m)
    if (distance(point, target) < distance(best, target)) best = point
  }
  return best
}

function drawJetty(shore: readonly Point[], share: number): Ring {
  const { point, direction } = along(shore, length(shore) * share)
  const n: Point = [direction[1], -direction[0]]
  const corner = (side: number, out: number): Point =>
    snap([point[0] + direction[0] * side + n[0] * out, point[1] + direction[1] * side + n[1] * out])
  return [corner(-2, -1), corner(-2, 38), corner(2, 38), corner(2, -1)]
}

/** Part of the coast around an angle seen from the middle of the island. */
function cut(coast: readonly Point[], angle: number, metres: number): Point[] {
  const target = (angle + 2 * Math.PI) % (2 * Math.PI)
  let best = 0
  let least = Infinity
  coast.forEach((p, i) => {
    const turn = Math.abs(((Math.atan2(p[1], p[0]) + 4 * Math.PI) % (2 * Math.PI)) - target)
    if (turn < least) {
      least = turn
      best = i
    }
  })
  let first = best
  let last = best
  while (first > 0 && last < coast.length - 1 && length(coast.slice(first, last + 1)) < metres) {
    first--
    last++
  }
  return coast.slice(first, last + 1)
}

function shorePart(shore: readonly Point[], from: Point, to: Point): Point[] {
  const index = (target: Point): number =>
    shore.reduce((best, p, i) => (distance(p, target) < distance(shore[best]!, target) ? i : best), 0)
  return shore.slice(index(from), index(to) + 1)
}

/** A strip of sand along a stretch of shore. */
export function beachStrip(shore: readonly Point[], width_m: number): Ring {
  const inner = shore.map((p, i): Point => {
    const a = shore[Math.max(0, i - 2)]!
    const b = shore[Math.min(shore.length - 1, i + 2)]!
    const n = normal(a, b)
    const d = width_m * Math.sin((Math.PI * (i + 0.4)) / (shore.length - 0.2))
    return [p[0] + n[0] * d, p[1] + n[1] * d]
  })
  return [...shore, ...inner.reverse()].map(snap)
}
