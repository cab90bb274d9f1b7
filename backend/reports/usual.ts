// How long such reports usually take, from the town's own history: told beside the promise.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { JobKind } from '../core/jobs.ts'
import type { UsualTime } from './contract.ts'

/** Fewer say more about the few than about the next one. */
const LEAST = 10

/** Counts the usual times of all categories anew. */
export const countUsualTimes = (db: Db) => sql(db, 'reports/count_resolution_times', { least: LEAST })

/** Once a day. */
export const usualTimesJob: JobKind<null> = {
  queue: 'usual-times',
  limit_s: 600,
  every_s: 86_400,
  work: async ({ db }) => void (await countUsualTimes(db)),
}

/** What is usual for a category in a district, or in the whole town where the district has too few; null: too few in both. */
export async function usualTime(db: Db, category: string, district: string | null): Promise<UsualTime | null> {
  const row: UsualTime | undefined = await db('resolution_time as t')
    .join('category as c', 'c.id', 't.category_id')
    .where('c.slug', category)
    .where((q) => q.whereNull('t.district').orWhere('t.district', district))
    .orderByRaw('t.district NULLS LAST')
    .select('t.resolved', 't.median_days', 't.p90_days', db.raw('t.district IS NOT NULL AS is_of_district'))
    .first()
  return row ?? null
}
