// Tiles of the map: their addresses (WebMercatorQuad), and their encoding in Node (Mapbox Vector Tile 2.1).
import vtpbf from 'vt-pbf'
import { problem } from '../http/problem.ts'

/** Units along an edge, and how far beyond it what is in a tile may reach. */
export const EXTENT = 4096
export const BUFFER = 64
const DEEPEST_ZOOM = 22

export interface TileAddress {
  z: number
  x: number
  y: number
}

/** A tile by the numbers in its address. Throws not-found where there is none. */
export function readTile(...parts: readonly unknown[]): TileAddress {
  const [z, x, y] = parts.map((part) => (/^\d{1,8}$/.test(String(part)) ? Number(part) : -1)) as [
    number,
    number,
    number,
  ]
  const size = 2 ** z
  if (z < 0 || z > DEEPEST_ZOOM || x < 0 || y < 0 || x >= size || y >= size) throw problem('not-found')
  return { z, x, y }
}

/**
 * SQL: a geometry of EPSG:3857 cut at the tile `envelope` and its buffer, as GeoJSON in coordinates of the tile: origin at the
 * upper left corner, y downward, exterior rings clockwise as MVT 2.1 asks (4.3.3.3).
 */
export function inTile(geom: string): string {
  const size = '(ST_XMax(envelope) - ST_XMin(envelope))'
  const cut = `ST_ForcePolygonCW(ST_ClipByBox2D(${geom}, ST_Expand(envelope, ${size} * ${BUFFER / EXTENT})::box2d))`
  const k = `(${EXTENT} / ${size})`
  return `ST_AsGeoJSON(ST_Affine(${cut}, ${k}, 0, 0, -${k}, -${k} * ST_XMin(envelope), ${k} * ST_YMax(envelope)), 0)::json`
}

type Position = [number, number]
/** GeoJSON in coordinates of a tile. */
export interface InTile {
  type: string
  coordinates: unknown
}
export interface TileFeature {
  id?: number
  geojson: InTile | null
  /** What is null is left out. */
  properties: Record<string, unknown>
}

/** What came of it, and how many features are in it. */
export interface Encoded {
  tile: Buffer
  count: number
}

/** A tile of these layers; empty where nothing is left of them. */
export function encodeMvt(layers: Record<string, TileFeature[]>): Encoded {
  const drawn = Object.entries(layers)
    .map(([name, features]): [string, { features: object[] }] => [name, { features: features.flatMap(toFeature) }])
    .filter(([, { features }]) => features.length > 0)
  const count = drawn.reduce((sum, [, { features }]) => sum + features.length, 0)
  const encode = () => vtpbf.fromGeojsonVt(Object.fromEntries(drawn) as never, { version: 2, extent: EXTENT })
  return { tile: count === 0 ? Buffer.alloc(0) : Buffer.from(encode()), count }
}

function toFeature({ id, geojson, properties }: TileFeature): object[] {
  const parts = geojson && partsOf(geojson)
  if (!parts || parts.geometry.length === 0) return []
  const tags = Object.fromEntries(Object.entries(properties).filter(([, value]) => value != null))
  return [{ ...parts, tags, ...(id !== undefined && { id }) }]
}

/** Points, lines and rings as geojson-vt lists them. What rounding has collapsed is left out. */
function partsOf({ type, coordinates }: InTile) {
  const lines = (parts: Position[][], least: number) => parts.map(withoutRepeats).filter((part) => part.length >= least)
  switch (type) {
    case 'Point':
      return { type: 1, geometry: [coordinates as Position].filter(({ length }) => length > 0) }
    case 'LineString':
      return { type: 2, geometry: lines([coordinates as Position[]], 2) }
    case 'MultiLineString':
      return { type: 2, geometry: lines(coordinates as Position[][], 2) }
    case 'Polygon':
      return { type: 3, geometry: lines(coordinates as Position[][], 4).filter(hasArea) }
    case 'MultiPolygon':
      return { type: 3, geometry: lines((coordinates as Position[][][]).flat(), 4).filter(hasArea) }
    default:
      return null
  }
}

/** Whether rounding has left something of a ring: a house at zoom 10 can become a line. */
const hasArea = (ring: Position[]): boolean =>
  ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!
    return sum + x * nextY - nextX * y
  }, 0) !== 0

const withoutRepeats = (line: Position[]): Position[] =>
  line.filter((position, index) => {
    const before = line[index - 1]
    return !before || before[0] !== position[0] || before[1] !== position[1]
  })
