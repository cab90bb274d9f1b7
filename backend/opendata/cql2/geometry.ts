// GeoJSON geometries in any of the systems, checked before the database sees them.
import gjv from 'geojson-validation'
import type { Crs } from '../crs.ts'
import { FilterError, type Shape } from './expression.ts'

/** The geometry with its positions east first. Throws FilterError for what is none, or lies where the system makes no sense. */
export function placed(shape: Shape, crs: Crs): Shape {
  if (!isShape(shape)) throw new FilterError('filter.geometry')
  return mapPositions(shape, (position) => inside(crs, position))
}

type Position = [number, number]

const isShape = (shape: Shape): boolean => {
  try {
    return gjv.isGeometryObject(shape)
  } catch {
    return false
  }
}

/** The position as east, north; must make sense in the system. */
function inside({ isNorthFirst, bounds }: Crs, [x, y]: Position): Position {
  const [east, north] = isNorthFirst ? [y, x] : [x, y]
  const isIn = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most
  if (!isIn(east, bounds.east) || !isIn(north, bounds.north)) throw new FilterError('filter.outside')
  return [east, north]
}

function mapPositions(shape: Shape, map: (position: Position) => Position): Shape {
  const through = (part: unknown): unknown =>
    Array.isArray(part) && typeof part[0] === 'number' ? map(part as Position) : (part as unknown[]).map(through)
  return shape.type === 'GeometryCollection'
    ? { ...shape, geometries: (shape.geometries as Shape[]).map((one) => mapPositions(one, map)) }
    : { type: shape.type, coordinates: through(shape.coordinates) }
}

/** A bounding box as a polygon; two of them where it crosses the antimeridian (west greater than east). */
export function boxShape(box: readonly unknown[]): Shape {
  const numbers = box.filter((value): value is number => typeof value === 'number')
  if (numbers.length !== box.length || (box.length !== 4 && box.length !== 6)) throw new FilterError('filter.geometry')
  const [west, south] = numbers as [number, number]
  const [east, north] = numbers.slice(box.length / 2) as [number, number]
  if (south > north) throw new FilterError('filter.geometry')
  const ring = (from: number, to: number) => [
    [from, south],
    [to, south],
    [to, north],
    [from, north],
    [from, south],
  ]
  if (west <= east) return { type: 'Polygon', coordinates: [ring(west, east)] }
  return { type: 'MultiPolygon', coordinates: [[ring(west, 180)], [ring(-180, east)]] }
}
