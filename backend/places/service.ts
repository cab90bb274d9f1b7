import type { Localised, Named } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { sql, sqlText } from '../core/db/sql.ts'
import type { Place } from './contract.ts'

export { cityName, cityTitle, getCity } from './city.ts'
export { type Distances, drivingDistances } from './driving.ts'
export { searchPlaces } from './search.ts'
export { renewWalkNetwork, walkingDistances, walkNetworkJob } from './walking.ts'

/** A point within this many degrees of an edge counts as on it: about 0.1 m, the precision of our coordinates. */
export const EDGE_DEG = 1e-6
/** Farther than this an address says nothing about a place, metres. */
const ADDRESS_M = 150

/** An area that holds a point, as the database returns it; area_m2 in square metres. */
export interface Area {
  role: string
  layer: string
  slug: string
  title: Localised | null
  area_m2: number
}

/** An area that a line or an area touches. */
interface SharedArea extends Area {
  /** How much of what lies in the municipality is in it, 0 to 1; of the municipality, of all. */
  share: number
  /** It has most of its layer, or the largest share. */
  is_leading: boolean
}

export interface Located {
  place: Place
  /** Every area at the point, or that leads for a shape; the best of each role first. */
  areas: Area[]
  /** Every area that it lies in or touches. */
  touched: Area[]
}

export interface LocatedShape extends Located {
  /** Why it is no shape, in the words of PostGIS; then it is not placed. */
  fault: string | null
  /** A point on it, in the district that leads: longitude, latitude; degrees (EPSG:4326). */
  point: readonly [number, number]
  /** Metres along the line or around the area. */
  length_m: number
  /** Square metres; null: a line. */
  area_m2: number | null
}

interface WhereRow {
  n: number
  areas: Area[] | null
  address: Place['address']
  distance_m: number | null
}

const named = (area: Area | undefined): Named | null =>
  area ? { slug: area.slug, title: area.title ?? { el: area.slug, en: area.slug } } : null

/** Where points lie. [lon, lat] in degrees (EPSG:4326); the answer is in the order of the question. One statement. */
export async function locate(db: Db, points: readonly (readonly [number, number])[]): Promise<Located[]> {
  const rows = await sql<WhereRow>(db, 'places/where', parametersOf(points))
  return rows.map(located)
}

/** Where one point lies and, in the same round trip, the one row of another query. [lon, lat] in degrees (EPSG:4326). */
export async function locateBeside<Row extends object>(
  db: Db,
  point: readonly [number, number],
  query: `${string}/${string}`,
  parameters: Record<string, unknown>,
): Promise<Located & { beside: Row }> {
  const text = `SELECT * FROM (${sqlText('places/where')}) AS place CROSS JOIN (${sqlText(query)}) AS beside`
  const { rows } = await db.raw(text, { ...parameters, ...parametersOf([point]) } as never)
  return { ...located(rows[0]), beside: rows[0] }
}

interface ShapeRow extends Omit<WhereRow, 'areas'> {
  fault: string | null
  length_m: number
  area_m2: number | null
  lon: number
  lat: number
  areas: SharedArea[] | null
}

/**
 * Where a line or an area lies: GeoJSON, degrees (EPSG:4326). Longer than `longest_m` metres (along it, or around it) or larger
 * than `largest_m2` square metres it is only measured. One statement.
 */
export async function locateShape(
  db: Db,
  shape: { type: 'LineString' | 'Polygon'; coordinates: unknown },
  limits: { longest_m: number; largest_m2: number },
): Promise<LocatedShape> {
  const parameters = { shape: JSON.stringify(shape), address_m: ADDRESS_M, ...limits }
  const [row] = await sql<ShapeRow>(db, 'places/shape', parameters)
  const { fault, length_m, area_m2, lon, lat, ...found } = row!
  const all = found.areas ?? []
  const { place, areas } = located({ ...found, areas: all.filter(({ is_leading }) => is_leading) })
  const districts = all.flatMap((area) => (area.role === 'district' ? { ...named(area)!, share: area.share } : []))
  const inside_share = all.find(({ role }) => role === 'boundary')?.share ?? 0
  return {
    place: { ...place, districts, inside_share },
    areas,
    touched: all,
    fault,
    point: [lon, lat],
    length_m,
    area_m2,
  }
}

const parametersOf = (points: readonly (readonly [number, number])[]) => ({
  lons: points.map(([lon]) => lon),
  lats: points.map(([, lat]) => lat),
  edge_deg: EDGE_DEG,
  address_m: ADDRESS_M,
})

function located({ areas, address, distance_m }: WhereRow): Located {
  const all = areas ?? []
  const first = (role: string) => named(all.find((area) => area.role === role))
  const municipality = first('boundary')
  const place: Place = {
    municipality,
    municipal_unit: first('municipal_unit'),
    district: first('district'),
    school_zones: schoolZones(all),
    block: first('block'),
    address,
    distance_to_boundary_m: municipality ? 0 : distance_m,
  }
  return { place, areas: all, touched: all }
}

// One zone for each layer: primary and secondary schools have zones of their own.
function schoolZones(areas: Area[]): Named[] {
  const zones = new Map<string, Area>()
  for (const area of areas) {
    if (area.role === 'school_zone' && !zones.has(area.layer)) zones.set(area.layer, area)
  }
  return [...zones.values()].flatMap((area) => named(area) ?? [])
}
