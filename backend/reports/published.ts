import type { Db } from '../core/db/connect.ts'

export interface PublicReports {
  feature_count: number
  /** Last change of any of them, RFC 3339. */
  updated_at: string
}

/**
 * Counting a million takes 60 ms, the last change no time: the count is kept while nothing changes, but not for long. A report whose
 * transaction took long comes with an older time than one that was seen already.
 */
const KEPT_MS = 2000
const counts = new WeakMap<Db, PublicReports & { until: number }>()

/** How many public reports there are, and when the last of them changed; the count is right within two seconds. */
export async function publicReports(db: Db): Promise<PublicReports> {
  const { at } = await db('report')
    .where('is_public', true)
    .first(db.raw('COALESCE(max(updated_at), to_timestamp(0)) AS at'))
  const updated_at = new Date(at).toISOString()
  const known = counts.get(db)
  if (known && known.updated_at === updated_at && known.until > Date.now()) return known
  const { feature_count } = await db('report').where('is_public', true).first(db.raw('count(*)::int AS feature_count'))
  counts.set(db, { feature_count, updated_at, until: Date.now() + KEPT_MS })
  return { feature_count, updated_at }
}
