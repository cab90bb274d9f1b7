// The face of the places to other features.
import type { Db } from '../../core/db/connect.ts'

export { replaceDuties } from './duties.ts'

/** A map of a site holds at most 50,000 addresses (sitemaps.org); the datasets want room too. */
const MOST = 40_000

export interface PlaceAddress {
  layer: string
  key: string
  /** RFC 3339. */
  updated_at: string
}

/** Addresses of the pages of all public places that have a name. */
export async function listAddresses(db: Db): Promise<PlaceAddress[]> {
  const { rows } = await db.raw(
    `SELECT s.slug AS layer, f.key, s.updated_at
       FROM seen_layer(false) AS s
      CROSS JOIN LATERAL (SELECT x.key FROM feature AS x WHERE x.layer = s.slug AND x.title IS NOT NULL ORDER BY x.id LIMIT ${MOST}) AS f
      WHERE s.role = 'poi'
        AND s.has_open_title
      ORDER BY s.position, f.key
      LIMIT ${MOST}`,
  )
  return rows
}
