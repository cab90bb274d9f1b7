// Personal data go when their time has come (GDPR article 5(1)(e)): how long, each category says.
import { condemnPhotos, destroyPhotos } from '../cases/service.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { JobKind } from '../core/jobs.ts'

export interface Retained {
  anonymised: number
  photos: number
  uploads: number
  by_category: Record<string, number>
}

interface Options {
  /** Counts what would go, and changes nothing. */
  isDryRun: boolean
  /** Moment to count from, RFC 3339. */
  now?: string
}

export const retentionJob: JobKind<null> = {
  queue: 'retention',
  limit_s: 3600,
  every_s: 86_400,
  work: async ({ db, storage }) => {
    await retain(db, { isDryRun: false })
    await destroyPhotos(db, storage)
  },
}

class DryRun extends Error {
  readonly counted: Retained
  constructor(counted: Retained) {
    super('dry run')
    this.counted = counted
  }
}

/** Anonymises reports and lets photos go whose time has come; writes a proof of what went. Their files go with destroyPhotos. */
export async function retain(db: Db, { isDryRun, now = new Date().toISOString() }: Options): Promise<Retained> {
  try {
    return await db.transaction(async (trx) => {
      const done = await removeRows(trx, now)
      // The same statements count for the rehearsal; then everything is as before.
      if (isDryRun) throw new DryRun(done)
      const { files, by_category, ...counts } = done
      await trx('retention_run').insert({ ...counts, by_category: JSON.stringify(by_category) })
      await condemnPhotos(trx, files)
      return { ...counts, by_category }
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
    const { anonymised, photos, uploads, by_category } = error.counted
    return { anonymised, photos, uploads, by_category }
  }
}

async function removeRows(trx: Db, now: string): Promise<Retained & { files: string[] }> {
  const reports = await sql<{ slug: string }>(trx, 'reports/anonymise', { now })
  const photos = await sql<{ id: string; was_sent: boolean }>(trx, 'reports/old_photos', { now })
  const by_category: Record<string, number> = {}
  for (const { slug } of reports) by_category[slug] = (by_category[slug] ?? 0) + 1
  const sent = photos.filter(({ was_sent }) => was_sent).length
  return {
    anonymised: reports.length,
    photos: sent,
    uploads: photos.length - sent,
    by_category,
    files: photos.map(({ id }) => id),
  }
}
