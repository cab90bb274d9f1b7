// How far it is by car between many places: along the streets where the database has pgRouting, else guessed from the straight line.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { BEYOND_DEG, STREET_M } from './walking.ts'

/** Ways in towns are about a third longer than straight lines: between 1.2 in grids and 1.5 along a coast. */
const DETOUR = 1.35

/** Metres from each place to each: [a * size + b]; `streets`: followed where there is a way, `straight`: straight line × 1.35. */
export interface Distances {
  drive_m: Float64Array
  by: 'streets' | 'straight'
}

/** Driving distances between places; degrees (EPSG:4326). One statement; one more along the streets. Nothing tells one-way streets. */
export async function drivingDistances(db: Db, places: readonly (readonly [number, number])[]): Promise<Distances> {
  const size = places.length
  const drive_m = new Float64Array(size * size)
  const at = { lons: places.map(([lon]) => lon), lats: places.map(([, lat]) => lat) }
  const rows = await sql<{ n: number; metres: number[] }>(db, 'places/straight_distances', at)
  for (const { n, metres } of rows) metres.forEach((m, b) => (drive_m[(n - 1) * size + b] = m * DETOUR))
  if (!(await db('walk_edge').first('id'))) return { drive_m, by: 'straight' }
  const street = { ...at, street_m: STREET_M, beyond_deg: BEYOND_DEG }
  const ways = await sql<{ n: number; ends: number[]; metres: number[] }>(db, 'places/street_distances', street)
  for (const { n, ends, metres } of ways)
    ends.forEach((b, index) => (drive_m[(n - 1) * size + b - 1] = metres[index] ?? 0))
  return { drive_m, by: 'streets' }
}
