import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { problem } from '../../core/http/problem.ts'
import type { NearbyReport, ReportInput } from '../contract.ts'

/** From this likeness on two reports probably mean the same: tried with pairs of potholes, see test/reports/duplicates.test.ts. */
export const LIKELY = 0.5

/** Throws likely-duplicate, with the candidates, when an open public report seems to mean the same. [lon, lat] in degrees. */
export async function refuseDuplicate(
  db: Db,
  { category, description, asset = null }: ReportInput,
  [lon, lat]: readonly [number, number],
): Promise<void> {
  const near = await sql<NearbyReport>(db, 'reports/nearby', {
    lon,
    lat,
    category,
    radius_m: null,
    words: description,
    asset,
  })
  const candidates = near.filter(({ likeness }) => likeness >= LIKELY)
  if (candidates.length > 0) throw problem('likely-duplicate', { extra: { candidates } })
}
