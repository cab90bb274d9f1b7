// A geometry while somebody changes it: parts of rings of corners, rings without the corner that closes them. What is not touched
// stays the same numbers, so that Multi* parts, holes and borders shared with others survive to the last digit.
export type Position = [lon: number, lat: number]
export type Parts = Position[][][]
export type Kind = 'Point' | 'LineString' | 'Polygon'
export interface Corner {
  part: number
  ring: number
  index: number
}

/** Fewer corners are none of the kind any more. */
const LEAST = { Point: 1, LineString: 2, Polygon: 3 }

/** GeoJSON as it was read. */
export function toParts(geometry: { type: string; coordinates?: unknown }): Parts {
  const { type, coordinates: c } = geometry as { type: string; coordinates: never }
  const open = (ring: Position[]) => ring.slice(0, -1)
  if (type === 'Point') return [[[c]]]
  if (type === 'LineString') return [[c]]
  if (type === 'MultiLineString') return (c as Position[][]).map((line) => [line])
  const polygons = (type === 'Polygon' ? [c] : c) as Position[][][]
  return polygons.map((rings) => rings.map(open))
}

/** GeoJSON as the layer stores it. */
export function toGeometry(kind: Kind, parts: Parts): { type: string; coordinates: unknown } {
  if (kind === 'Point') return { type: 'Point', coordinates: parts[0]?.[0]?.[0] ?? [] }
  if (kind === 'LineString') return { type: 'MultiLineString', coordinates: parts.map(([line]) => line) }
  const closed = (ring: Position[]) => [...ring, ...ring.slice(0, 1)]
  return { type: 'MultiPolygon', coordinates: parts.map((rings) => rings.map(closed)) }
}

export const isWhole = (kind: Kind, parts: Parts): boolean =>
  parts.length > 0 && parts.every((rings) => rings.every((ring) => ring.length >= LEAST[kind]))

export const cornersOf = (parts: Parts): (Corner & { at: Position })[] =>
  parts.flatMap((rings, part) => rings.flatMap((ring, r) => ring.map((at, index) => ({ part, ring: r, index, at }))))

/** Between two corners, where another can be pulled out; `index` is the place that it would take. */
export const middlesOf = (kind: Kind, parts: Parts): (Corner & { at: Position })[] =>
  parts.flatMap((rings, part) =>
    rings.flatMap((ring, r) => {
      const ends = kind === 'Polygon' && ring.length > 2 ? [...ring, ring[0]!] : ring
      return ends.slice(1).map(([lon, lat], n) => {
        const [lon0, lat0] = ends[n]!
        return { part, ring: r, index: n + 1, at: [(lon + lon0) / 2, (lat + lat0) / 2] as Position }
      })
    }),
  )

function withRing(parts: Parts, { part, ring }: Corner, change: (ring: Position[]) => Position[]): Parts {
  return parts.map((rings, p) => (p === part ? rings.map((each, r) => (r === ring ? change(each) : each)) : rings))
}

export const moved = (parts: Parts, corner: Corner, to: Position): Parts =>
  withRing(parts, corner, (ring) => ring.with(corner.index, to))

export const inserted = (parts: Parts, corner: Corner, at: Position): Parts =>
  withRing(parts, corner, (ring) => ring.toSpliced(corner.index, 0, at))

/** Without this corner; a ring that has too few then goes as a whole, and a part with its shell. */
export function removed(kind: Kind, parts: Parts, corner: Corner): Parts {
  const less = withRing(parts, corner, (ring) => ring.toSpliced(corner.index, 1))
  const isEnough = (ring: Position[] | undefined) => ring !== undefined && ring.length >= LEAST[kind]
  return less
    .filter((rings, part) => part !== corner.part || isEnough(rings[0]))
    .map((rings) => rings.filter((ring, n) => n === 0 || isEnough(ring)))
}

/** All of it, by degrees. */
export const shifted = (parts: Parts, [lon, lat]: Position): Parts =>
  parts.map((rings) => rings.map((ring) => ring.map(([x, y]): Position => [x + lon, y + lat])))

type Drawn =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'Polygon'; coordinates: Position[][] }

/** What was drawn corner by corner as GeoJSON: a point, a line, or an area that does not repeat its first corner. */
export function asDrawn(kind: 'point' | 'line' | 'area', corners: readonly Position[]): Drawn {
  if (kind === 'point') return { type: 'Point', coordinates: corners[0]! }
  if (kind === 'line') return { type: 'LineString', coordinates: [...corners] }
  // RFC 7946, 3.1.6: exterior rings counter-clockwise.
  const ring = isClockwise(corners) ? corners.toReversed() : corners
  return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] }
}

const isClockwise = (ring: readonly Position[]) =>
  ring.reduce((sum, [x, y], n) => {
    const [x1, y1] = ring[(n + 1) % ring.length]!
    return sum + (x1 - x) * (y1 + y)
  }, 0) > 0
