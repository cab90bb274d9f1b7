// Personal data go when their time has come (GDPR article 5(1)(e)): how long, each category says.
import { condemnDocuments, condemnPhotos, destroyFiles } from '../../cases/service.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { JobKind } from '../../core/jobs.ts'
import type { Retained } from './contract.ts'

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
    await destroyFiles(db, storage)
  },
}

class DryRun extends Error {
  readonly counted: Retained
  constructor(counted: Retained) {
    super('dry run')
    this.counted = counted
  }
}

/** Anonymises reports and lets photos go whose time has come; writes a proof of what went. Their files go with destroyFiles. */
export async function retain(db: Db, { isDryRun, now = new Date().toISOString() }: Options): Promise<Retained> {
  try {
    return await db.transaction(async (trx) => {
      const { photoIds, fileIds, ...counts } = await removeRows(trx, now)
      // The same statements count for the rehearsal; then everything is as before.
      if (isDryRun) throw new DryRun(counts)
      const { anonymised, supporters, photos, uploads, files, by_category } = counts
      await trx('retention_run').insert({
        anonymised,
        supporters,
        photos,
        uploads,
        files,
        by_category: JSON.stringify(by_category),
      })
      await condemnPhotos(trx, photoIds)
      await condemnDocuments(trx, fileIds)
      return counts
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
    return error.counted
  }
}

async function removeRows(trx: Db, now: string): Promise<Retained & { photoIds: string[]; fileIds: string[] }> {
  const reports = await sql<{ slug: string }>(trx, 'reports/anonymise', { now })
  const supporters = await sql(trx, 'reports/anonymise_supports', { now })
  const photos = await sql<{ id: string; category: string | null }>(trx, 'reports/old_photos', { now })
  const files = await sql<{ id: string }>(trx, 'reports/old_files', { now })
  const sent = photos.flatMap(({ category }) => category ?? [])
  return {
    anonymised: reports.length,
    supporters: supporters.length,
    photos: sent.length,
    uploads: photos.length - sent.length,
    files: files.length,
    by_category: countEach(reports.map(({ slug }) => slug)),
    photos_by_category: countEach(sent),
    photoIds: photos.map(({ id }) => id),
    fileIds: files.map(({ id }) => id),
  }
}

function countEach(slugs: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const slug of slugs) counts[slug] = (counts[slug] ?? 0) + 1
  return counts
}
