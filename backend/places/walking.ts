// How far it is on foot along the streets, where the database has pgRouting.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { JobKind } from '../core/jobs.ts'

/** Ends of streets nearer than this meet: 1e-5 degrees are about a metre. */
const GRID_DEG = 1e-5
/** Farther from every street than this, nobody can say how one walks, metres. */
export const STREET_M = 200
/** How far around the straight line a way may lead, degrees: two kilometres. */
export const BEYOND_DEG = 0.02

/** Makes the network anew when the streets have changed. */
export const walkNetworkJob: JobKind<null> = {
  queue: 'walk-network',
  limit_s: 900,
  every_s: 86_400,
  after: ['layer.imported', 'layer.changed'],
  work: ({ db }) => renewWalkNetwork(db),
}

/** The same at once. Without pgRouting the network stays empty. */
export async function renewWalkNetwork(db: Db): Promise<void> {
  const [row] = await sql<{ version: string | null }>(db, 'places/walk_version', {})
  const made = await db('walk_network').first('version')
  const version = row?.version ?? ''
  if (version === (made?.version ?? '')) return
  await db.transaction(async (trx) => {
    await trx.raw(`SET LOCAL statement_timeout = '10min'`)
    await trx('walk_edge').delete()
    if (version) await sql(trx, 'places/walk_network', { grid_deg: GRID_DEG })
    await trx('walk_network').insert({ version }).onConflict('one').merge()
  })
}

type LonLat = readonly [number, number]

/** Metres on foot from one point to others, in their order; degrees (EPSG:4326). Null: not known. */
export async function walkingDistances(db: Db, from: LonLat, to: readonly LonLat[]): Promise<(number | null)[]> {
  const nowhere = to.map(() => null)
  if (to.length === 0 || !(await db('walk_edge').first('id'))) return nowhere
  const points = [from, ...to]
  const rows = await sql<{ n: number; walk_m: number }>(db, 'places/walk_distances', {
    lons: points.map(([lon]) => lon),
    lats: points.map(([, lat]) => lat),
    street_m: STREET_M,
    beyond_deg: BEYOND_DEG,
  })
  const byPoint = new Map(rows.map(({ n, walk_m }) => [n, walk_m]))
  return to.map((_, index) => byPoint.get(index + 2) ?? null)
}
