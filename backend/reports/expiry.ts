// What is over after a while closes by itself: how long, each category says.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { localised } from '../core/i18n/text.ts'
import type { JobKind } from '../core/jobs.ts'

/** Closes open reports whose time is over, and says so to all who may see them, in both languages. */
export async function expireReports(db: Db): Promise<void> {
  const { el, en } = localised('report.expired')
  await sql(db, 'reports/expire', { note: `${el}\n${en}` })
}

/** Once a day. */
export const expireJob: JobKind<null> = {
  queue: 'expire-reports',
  limit_s: 600,
  every_s: 86_400,
  work: ({ db }) => expireReports(db),
}
