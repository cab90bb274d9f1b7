// Houses along the streets, shoulder to shoulder, and their addresses.
import {
  along,
  at,
  contains,
  distance,
  length,
  middle,
  normal,
  project,
  signedArea,
  type Point,
  type Ring,
} from './geometry.ts'
import { blockOf, streetAlong, type Fabric, type Parcel, type Street } from './fabric.ts'
import type { Random } from './random.ts'

export interface House {
  ring: Ring
  entrance: Point
  street: Street
  parcel: Parcel
  number: string
  parity: 'odd' | 'even'
  floors: number
  use: string
  year: number
}

export interface Block {
  number: string
  ring: Ring
  parcel: Parcel
}

const FLOORS: Record<Parcel['zone'], number[]> = { town: [1, 2, 2, 3, 3, 4], village: [1, 1, 2, 2], country: [1] }

/** Whether two convex rings touch: no side of either separates them. */
function overlap(a: Ring, b: Ring): boolean {
  const separated = (p: Ring, q: Ring) =>
    p.some((from, i) => {
      const n = normal(from, at(p, i + 1))
      return q.every((r) => (r[0] - from[0]) * n[0] + (r[1] - from[1]) * n[1] <= 0.05)
    })
  return !separated(a, b) && !separated(b, a)
}

function row(random: Random, fabric: Fabric, parcel: Parcel, block: Ring, placed: Ring[], skip: number): House[] {
  const houses: House[] = []
  block.forEach((from, i) => {
    const to = at(block, i + 1)
    const side = sideOf(parcel, middle(from, to))
    const street = streetAlong(fabric, parcel, side)
    if (!street || distance(from, to) < 8) return
    const inward = normal(from, to)
    const depth = parcel.zone === 'town' ? random.between(9.5, 13) : random.between(7, 9.5)
    for (let start = 0.4; start + 7 < distance(from, to);) {
      const width = random.between(8, parcel.zone === 'town' ? 14 : 11)
      const end = Math.min(start + width, distance(from, to) - 0.3)
      const a = along([from, to], start).point
      const b = along([from, to], end).point
      const back = (p: Point): Point => [p[0] + inward[0] * depth, p[1] + inward[1] * depth]
      const ring: Ring = [a, b, back(b), back(a)]
      start = end + (parcel.zone === 'town' ? 0 : random.between(0.5, 4))
      if (random.chance(skip) || signedArea(ring) < 45) continue
      if (!ring.every((p, k) => k < 2 || contains(block, p)) || placed.some((other) => overlap(other, ring))) continue
      placed.push(ring)
      houses.push({
        ring, entrance: middle(a, b), street, parcel, number: '', parity: 'odd',
        floors: random.pick(FLOORS[parcel.zone]),
        use: random.weighted(['residential', 'retail', 'public', 'industrial'], (use) => ({ residential: 86, retail: 11, public: 2, industrial: 1 })[use] ?? 0),
        year: random.integer(parcel.district === 'kastro' ? 1860 : 1935, 2024),
      }) // prettier-ignore
    }
  })
  return houses
}

const sideOf = (parcel: Parcel, point: Point): number =>
  parcel.ring.reduce(
    (best, p, i) => {
      const away = project(point, p, at(parcel.ring, i + 1)).away
      return away < best.away ? { i, away } : best
    },
    { i: 0, away: Infinity },
  ).i

/** Blocks with their numbers, and the houses in them with addresses: odd on the left of the street, even on the right. */
export function build(random: Random, fabric: Fabric): { blocks: Block[]; houses: House[] } {
  const blocks: Block[] = []
  const houses: House[] = []
  for (const parcel of fabric.parcels) {
    if (parcel.zone === 'country' || parcel.use) continue
    const ring = blockOf(fabric, parcel)
    if (!ring) continue
    blocks.push({ number: String(blocks.length + 1), ring, parcel })
    houses.push(...row(random, fabric, parcel, ring, [], parcel.zone === 'town' ? 0.04 : 0.16))
  }
  giveNumbers(houses)
  return { blocks, houses }
}

function giveNumbers(houses: House[]): void {
  const byStreet = new Map<Street, { house: House; at_m: number; isLeft: boolean }[]>()
  for (const house of houses) {
    const { at_m, isLeft } = place(house.street.points, house.entrance)
    byStreet.set(house.street, [...(byStreet.get(house.street) ?? []), { house, at_m, isLeft }])
  }
  for (const list of byStreet.values()) {
    const next = { odd: 1, even: 2 }
    for (const { house, isLeft } of list.sort((a, b) => a.at_m - b.at_m)) {
      house.parity = isLeft ? 'odd' : 'even'
      house.number = String(next[house.parity])
      next[house.parity] += 2
    }
  }
}

function place(line: Point[], point: Point): { at_m: number; isLeft: boolean } {
  let best = { away: Infinity, at_m: 0, isLeft: true }
  line.forEach((a, i) => {
    const b = line[i + 1]
    if (!b) return
    const { share, away } = project(point, a, b)
    if (away >= best.away) return
    const cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    best = { away, at_m: length(line.slice(0, i + 1)) + share * distance(a, b), isLeft: cross > 0 }
  })
  return best
}
