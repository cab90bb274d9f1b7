/** Plane geometry in metres east and north of the origin of the demo city. */
export type Point = [number, number]
/** A closed ring without the repeated last point; counter-clockwise unless said otherwise. */
export type Ring = Point[]

const ORIGIN_LON = 23.75
const ORIGIN_LAT = 36.35
const M_PER_LAT_DEGREE = 110_960 // length of a degree of latitude at 36 N
const M_PER_LON_DEGREE = 89_790 // length of a degree of longitude at 36.35 N
const DEGREE_STEP = 1e-6 // six decimals, 0.1 m: the lattice every coordinate lies on
const STEP_X = M_PER_LON_DEGREE * DEGREE_STEP
const STEP_Y = M_PER_LAT_DEGREE * DEGREE_STEP

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1])
export const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
export const at = <T>(items: readonly T[], index: number): T =>
  items[((index % items.length) + items.length) % items.length]!

/** Moves a point to the six-decimal lattice, so that later rounding changes nothing. */
export function snap(point: Point): Point {
  return [Math.round(point[0] / STEP_X) * STEP_X, Math.round(point[1] / STEP_Y) * STEP_Y]
}

/** lon, lat in degrees (EPSG:4326), six decimals. */
export function toLonLat(point: Point): [number, number] {
  const lon = Math.round(ORIGIN_LON * 1e6 + Math.round(point[0] / STEP_X)) / 1e6
  const lat = Math.round(ORIGIN_LAT * 1e6 + Math.round(point[1] / STEP_Y)) / 1e6
  return [lon, lat]
}

export function signedArea(ring: readonly Point[]): number {
  let sum = 0
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!
    const b = at(ring, i + 1)
    sum += a[0] * b[1] - b[0] * a[1]
  }
  return sum / 2
}

export function length(line: readonly Point[]): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) sum += distance(line[i - 1]!, line[i]!)
  return sum
}

export function centroid(ring: readonly Point[]): Point {
  const area = signedArea(ring)
  const [ox, oy] = ring[0]!
  let x = 0
  let y = 0
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!
    const b = at(ring, i + 1)
    const cross = (a[0] - ox) * (b[1] - oy) - (b[0] - ox) * (a[1] - oy)
    x += (a[0] + b[0] - 2 * ox) * cross
    y += (a[1] + b[1] - 2 * oy) * cross
  }
  return [ox + x / (6 * area), oy + y / (6 * area)]
}

export function contains(ring: readonly Point[], point: Point): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!
    const [bx, by] = ring[j]!
    if (ay > point[1] !== by > point[1] && point[0] < ((bx - ax) * (point[1] - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

/** A point well inside the ring: the centroid, or the middle of the widest of nine cuts. */
export function interiorPoint(ring: readonly Point[]): Point {
  const centre = centroid(ring)
  if (contains(ring, centre)) return centre
  const ys = ring.map((p) => p[1])
  const low = Math.min(...ys)
  const high = Math.max(...ys)
  let best: Point = centre
  let widest = 0
  for (let i = 1; i < 10; i++) {
    const y = low + ((high - low) * i) / 10 + 0.0137
    const cuts: number[] = []
    for (let k = 0; k < ring.length; k++) {
      const a = ring[k]!
      const b = at(ring, k + 1)
      if (a[1] > y !== b[1] > y) cuts.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]))
    }
    cuts.sort((a, b) => a - b)
    for (let k = 0; k + 1 < cuts.length; k += 2) {
      const width = cuts[k + 1]! - cuts[k]!
      if (width > widest) {
        widest = width
        best = [(cuts[k]! + cuts[k + 1]!) / 2, y]
      }
    }
  }
  return best
}

/** Where the point falls on the segment: share along it (0..1), foot and distance in metres. */
export function project(point: Point, a: Point, b: Point): { share: number; foot: Point; away: number } {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const square = dx * dx + dy * dy
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square))
  const foot: Point = [a[0] + dx * share, a[1] + dy * share]
  return { share, foot, away: distance(point, foot) }
}

export function distanceToLine(point: Point, line: readonly Point[], isClosed = false): number {
  let best = Infinity
  for (let i = 1; i < line.length; i++) best = Math.min(best, project(point, line[i - 1]!, line[i]!).away)
  if (isClosed) best = Math.min(best, project(point, line[line.length - 1]!, line[0]!).away)
  return best
}

/** Point and direction (unit vector) at a distance in metres along a line. */
export function along(line: readonly Point[], metres: number): { point: Point; direction: Point } {
  let rest = metres
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!
    const b = line[i]!
    const step = distance(a, b)
    if (rest <= step || i === line.length - 1) {
      const share = step === 0 ? 0 : Math.min(1, rest / step)
      return {
        point: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share],
        direction: [(b[0] - a[0]) / step, (b[1] - a[1]) / step],
      }
    }
    rest -= step
  }
  return { point: line[0]!, direction: [1, 0] }
}

/** Keeps the part of a convex ring to the left of a -> b. */
export function clipLeft(ring: readonly Point[], a: Point, b: Point): Ring {
  const side = (p: Point): number => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
  const kept: Ring = []
  for (let i = 0; i < ring.length; i++) {
    const p = ring[i]!
    const q = at(ring, i + 1)
    const sp = side(p)
    const sq = side(q)
    if (sp >= 0) kept.push(p)
    if (sp > 0 !== sq > 0 && sp !== sq) {
      const t = sp / (sp - sq)
      if (t > 0 && t < 1) kept.push([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t])
    }
  }
  return kept
}

/** The left normal (unit) of a -> b. */
export function normal(a: Point, b: Point): Point {
  const d = distance(a, b)
  return [-(b[1] - a[1]) / d, (b[0] - a[0]) / d]
}

/** Moves every side of a convex counter-clockwise ring inwards by its own distance in metres. */
export function inset(ring: readonly Point[], metresOf: (index: number) => number): Ring {
  let result: Ring = [...ring]
  for (let i = 0; i < ring.length && result.length > 2; i++) {
    const a = ring[i]!
    const b = at(ring, i + 1)
    if (distance(a, b) < 0.01) continue
    const n = normal(a, b)
    const d = metresOf(i)
    result = clipLeft(result, [a[0] + n[0] * d, a[1] + n[1] * d], [b[0] + n[0] * d, b[1] + n[1] * d])
  }
  return tidy(result)
}

/** Drops repeated points and points on a straight side. */
export function tidy(ring: readonly Point[], tolerance_m = 0.12): Ring {
  let result = ring.filter((p, i) => distance(p, at(ring, i + 1)) > tolerance_m)
  result = result.filter((p, i) => {
    const a = at(result, i - 1)
    const b = at(result, i + 1)
    return project(p, a, b).away > tolerance_m / 4
  })
  return result
}

export function isConvex(ring: readonly Point[]): boolean {
  if (ring.length < 3) return false
  return ring.every((p, i) => {
    const a = at(ring, i - 1)
    const b = at(ring, i + 1)
    return (p[0] - a[0]) * (b[1] - p[1]) - (p[1] - a[1]) * (b[0] - p[0]) > -1.5
  })
}

/** Catmull-Rom curve through the points, one vertex about every step metres. */
export function smooth(points: readonly Point[], step_m: number): Point[] {
  const result: Point[] = []
  for (let i = 0; i + 1 < points.length; i++) {
    const p0 = points[Math.max(0, i - 1)]!
    const p1 = points[i]!
    const p2 = points[i + 1]!
    const p3 = points[Math.min(points.length - 1, i + 2)]!
    const pieces = Math.max(1, Math.round(distance(p1, p2) / step_m))
    for (let k = 0; k < pieces; k++) {
      const t = k / pieces
      const blend = (a: number, b: number, c: number, d: number): number =>
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
      result.push([blend(p0[0], p1[0], p2[0], p3[0]), blend(p0[1], p1[1], p2[1], p3[1])])
    }
  }
  result.push(points[points.length - 1]!)
  return result
}

/** The line moved to its left by metres. */
export function offset(line: readonly Point[], metres: number): Point[] {
  return line.map((p, i) => {
    const a = line[Math.max(0, i - 1)]!
    const b = line[Math.min(line.length - 1, i + 1)]!
    const n = normal(a, b)
    return [p[0] + n[0] * metres, p[1] + n[1] * metres]
  })
}

/** The pieces of the segment a-b inside the ring, as shares of its length. */
export function insideParts(ring: readonly Point[], a: Point, b: Point): [number, number][] {
  const cuts = [0, 1]
  for (let i = 0; i < ring.length; i++) {
    const t = crossing(a, b, ring[i]!, at(ring, i + 1))
    if (t !== undefined) cuts.push(t)
  }
  cuts.sort((x, y) => x - y)
  const parts: [number, number][] = []
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = cuts[i]!
    const to = cuts[i + 1]!
    if (to - from < 1e-9) continue
    const t = (from + to) / 2
    if (contains(ring, [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t])) parts.push([from, to])
  }
  return parts
}

/** Share along a-b where it crosses c-d, or undefined. */
export function crossing(a: Point, b: Point, c: Point, d: Point): number | undefined {
  const rx = b[0] - a[0]
  const ry = b[1] - a[1]
  const sx = d[0] - c[0]
  const sy = d[1] - c[1]
  const cross = rx * sy - ry * sx
  if (Math.abs(cross) < 1e-9) return undefined
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : undefined
}

/** Voronoi cells of the points, each cut to a square of half-size reach around its point. */
export function voronoi(points: readonly Point[], reach_m: number): Ring[] {
  return points.map((p) => {
    let cell: Ring = [
      [p[0] - reach_m, p[1] - reach_m],
      [p[0] + reach_m, p[1] - reach_m],
      [p[0] + reach_m, p[1] + reach_m],
      [p[0] - reach_m, p[1] + reach_m],
    ]
    for (const q of points) {
      if (q === p || distance(p, q) > 3 * reach_m) continue
      const m = middle(p, q)
      cell = clipLeft(cell, m, [m[0] - (q[1] - p[1]), m[1] + (q[0] - p[0])])
    }
    return cell
  })
}

/** Points found by the cells they fall in. */
export class PointIndex<T> {
  private readonly cells = new Map<string, { point: Point; item: T }[]>()
  private readonly cell_m: number

  constructor(cell_m: number) {
    this.cell_m = cell_m
  }

  add(point: Point, item: T): void {
    const key = `${Math.floor(point[0] / this.cell_m)},${Math.floor(point[1] / this.cell_m)}`
    const cell = this.cells.get(key)
    if (cell) cell.push({ point, item })
    else this.cells.set(key, [{ point, item }])
  }

  near(point: Point, radius_m: number): { point: Point; item: T; away: number }[] {
    const found: { point: Point; item: T; away: number }[] = []
    const low = [Math.floor((point[0] - radius_m) / this.cell_m), Math.floor((point[1] - radius_m) / this.cell_m)]
    const high = [Math.floor((point[0] + radius_m) / this.cell_m), Math.floor((point[1] + radius_m) / this.cell_m)]
    for (let x = low[0]!; x <= high[0]!; x++) {
      for (let y = low[1]!; y <= high[1]!; y++) {
        for (const entry of this.cells.get(`${x},${y}`) ?? []) {
          const away = distance(point, entry.point)
          if (away <= radius_m) found.push({ ...entry, away })
        }
      }
    }
    return found.sort((a, b) => a.away - b.away)
  }
}
