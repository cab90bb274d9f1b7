// The corner or edge of others that a pointer means: a corner is taken over to the last digit, so that borders are one.
import type { Position } from '../../map/shape.ts'

/** A fingertip is not exact; what is further away is not meant. */
export const REACH_PX = 12

interface Pixel {
  x: number
  y: number
}

/** Where a corner goes that is dropped at `at`: to the nearest corner of the lines in reach, else onto the nearest edge; null: free. */
export function snapped(at: Position, lines: Position[][], project: (at: Position) => Pixel): Position | null {
  const here = project(at)
  const far = (to: Position) => {
    const { x, y } = project(to)
    return Math.hypot(x - here.x, y - here.y)
  }
  // Degrees that the reach may span, so that few corners are projected.
  const [aside, above] = [project([at[0] + 1e-4, at[1]]), project([at[0], at[1] + 1e-4])]
  const degrees = (REACH_PX * 1e-4) / Math.max(1e-9, Math.min(Math.hypot(aside.x - here.x, aside.y - here.y), Math.hypot(above.x - here.x, above.y - here.y))) // prettier-ignore
  const isNear = ([lon, lat]: Position) => Math.abs(lon - at[0]) <= degrees && Math.abs(lat - at[1]) <= degrees
  const nearest = (candidates: Position[]) =>
    candidates
      .map((to) => ({ to, px: far(to) }))
      .filter(({ px }) => px <= REACH_PX)
      .sort((a, b) => a.px - b.px)[0]?.to ?? null
  const corner = nearest(lines.flatMap((line) => line.filter(isNear)))
  return corner ?? nearest(lines.flatMap((line) => edgePoints(line, at, degrees)))
}

/** The nearest point of each edge whose box is in reach. */
function edgePoints(line: Position[], [lon, lat]: Position, degrees: number): Position[] {
  return line.slice(1).flatMap(([x1, y1], n): Position[] => {
    const [x0, y0] = line[n]!
    if (lon < Math.min(x0, x1) - degrees || lon > Math.max(x0, x1) + degrees) return []
    if (lat < Math.min(y0, y1) - degrees || lat > Math.max(y0, y1) + degrees) return []
    // Degrees of longitude are shorter than those of latitude.
    const k = Math.cos((lat * Math.PI) / 180) ** 2
    const length = (x1 - x0) ** 2 * k + (y1 - y0) ** 2
    const along = length === 0 ? 0 : ((lon - x0) * (x1 - x0) * k + (lat - y0) * (y1 - y0)) / length
    const t = Math.min(1, Math.max(0, along))
    return [[x0 + t * (x1 - x0), y0 + t * (y1 - y0)]]
  })
}
