import { sql } from '../../core/db/sql.ts'
import type { JobKind } from '../../core/jobs.ts'

/** Who has not asked for a quarter of a year copies the whole dataset anew, which then is less than what has changed. */
export const KEEP_DAYS = 90

/** Forgets changes that are too old to be asked for. */
export const forgetChangesJob: JobKind<null> = {
  queue: 'forget-changes',
  limit_s: 600,
  every_s: 86_400,
  work: ({ db }) => sql(db, 'opendata/forget_changes', { days: KEEP_DAYS }),
}
