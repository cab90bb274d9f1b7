// Places on the sheet that are taken, as straight pieces: what is written later keeps off them. All in points.

export type Point = [x: number, y: number]
export type Span = [from: Point, to: Point]
export type Box = [left: number, top: number, right: number, bottom: number]

export const gap = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1])

/** A box as the lines through it. */
export function spansOf([left, top, right, bottom]: Box): Span[] {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  return [
    [[left, top], [right, bottom]],
    [[left, bottom], [right, top]],
    [[left, y], [right, y]],
    [[x, top], [x, bottom]],
  ] // prettier-ignore
}

const side = ([from, to]: Span, point: Point) =>
  Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]))
const isCrossed = (a: Span, b: Span) => side(a, b[0]) !== side(a, b[1]) && side(b, a[0]) !== side(b, a[1])

/** How far a point is from a straight piece. */
export function distance(point: Point, [from, to]: Span): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const share = ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / (dx * dx + dy * dy || 1)
  const at = Math.max(0, Math.min(1, share))
  return gap(point, [from[0] + at * dx, from[1] + at * dy])
}

/** Whether two cross, or come nearer than this. */
export function meet(a: Span, b: Span, nearer: number): boolean {
  // Most are far away, and this is asked very often.
  for (const axis of [0, 1] as const) {
    if (Math.min(a[0][axis], a[1][axis]) - nearer > Math.max(b[0][axis], b[1][axis])) return false
    if (Math.min(b[0][axis], b[1][axis]) - nearer > Math.max(a[0][axis], a[1][axis])) return false
  }
  return isCrossed(a, b) || a.some((end) => distance(end, b) < nearer) || b.some((end) => distance(end, a) < nearer)
}
