// Geometries of features in the words of other formats. Coordinates as they come: the east first.

export type Position = readonly [number, number]
export type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'MultiLineString'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] }

const listed = (positions: readonly Position[]) => `(${positions.map(([x, y]) => `${x} ${y}`).join(',')})`

/** Well-known text. */
export function wkt(geometry: Geometry): string {
  switch (geometry.type) {
    case 'Point':
      return `POINT ${listed([geometry.coordinates])}`
    case 'MultiLineString':
      return `MULTILINESTRING (${geometry.coordinates.map(listed).join(',')})`
    case 'MultiPolygon':
      return `MULTIPOLYGON (${geometry.coordinates.map((rings) => `(${rings.map(listed).join(',')})`).join(',')})`
  }
}

/** Codes of ISO 13249-3, which well-known binary, GeoPackage and FlatGeobuf share. */
export const CODE = { Point: 1, LineString: 2, Polygon: 3, MultiLineString: 5, MultiPolygon: 6 } as const

/** Type of what a table of lines, areas or points holds. */
export const storedType = (type: 'Point' | 'LineString' | 'Polygon') =>
  type === 'Point' ? 'Point' : (`Multi${type}` as const)

/** Every position of it, part by part. */
export function parts(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]]
    case 'MultiLineString':
      return geometry.coordinates
    case 'MultiPolygon':
      return geometry.coordinates.flat()
  }
}

const head = (code: number): Buffer => {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt8(1, 0) // little endian
  bytes.writeUInt32LE(code, 1)
  return bytes
}

const counted = (count: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(count)
  return bytes
}

/** Positions as pairs of doubles, little endian. */
export function doubles(positions: readonly Position[]): Buffer {
  const bytes = Buffer.alloc(positions.length * 16)
  positions.forEach(([x, y], index) => {
    bytes.writeDoubleLE(x, index * 16)
    bytes.writeDoubleLE(y, index * 16 + 8)
  })
  return bytes
}

const line = (positions: readonly Position[]) => [counted(positions.length), doubles(positions)]

/** Well-known binary, little endian. */
export function wkb(geometry: Geometry): Buffer {
  const own = head(CODE[geometry.type])
  switch (geometry.type) {
    case 'Point':
      return Buffer.concat([own, doubles([geometry.coordinates])])
    case 'MultiLineString':
      return Buffer.concat([own, counted(geometry.coordinates.length), ...geometry.coordinates.flatMap((one) => [head(CODE.LineString), ...line(one)])]) // prettier-ignore
    case 'MultiPolygon':
      return Buffer.concat([own, counted(geometry.coordinates.length), ...geometry.coordinates.flatMap((rings) => [head(CODE.Polygon), counted(rings.length), ...rings.flatMap(line)])]) // prettier-ignore
  }
}

/** Least and greatest coordinates: west, south, east, north. */
export class Box {
  readonly bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]

  add(geometry: Geometry): this {
    const { bounds } = this
    for (const [x, y] of parts(geometry).flat()) {
      bounds[0] = Math.min(bounds[0], x)
      bounds[1] = Math.min(bounds[1], y)
      bounds[2] = Math.max(bounds[2], x)
      bounds[3] = Math.max(bounds[3], y)
    }
    return this
  }

  get isEmpty(): boolean {
    return this.bounds[0] > this.bounds[2]
  }
}
