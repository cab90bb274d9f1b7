// What we hold about a person, to take along (GDPR articles 15 and 20) or to be forgotten (article 17).
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { photoName } from '../cases/service.ts'
import { audit } from '../core/audit.ts'
import { sql } from '../core/db/sql.ts'
import type { Storage } from '../core/files/storage.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { deleteAccount, ownAccount } from '../people/service.ts'
import { ownIds } from './mine.ts'
import { actorOf } from './service.ts'
import { subscriptionsOf } from './subscriptions/subscriptions.ts'

interface OwnReportRow {
  id: string
  photos: string[]
}

/** Everything of the caller as a zip: data.json and the photos. Streamed; when the storage fails, its stream breaks off. */
export async function exportOwnData(ctx: Context): Promise<ZipFile> {
  const account = await ownAccount(ctx)
  const { reportIds, supportIds } = await ownIds(ctx)
  const reports = await sql<OwnReportRow>(ctx.db, 'reports/own_data', { ids: reportIds })
  const supports = await sql<{ photos: string[] }>(ctx.db, 'reports/own_supports', { ids: supportIds })
  const subscriptions = await subscriptionsOf(ctx.db, actorOf(ctx).accountId)
  const zip = new ZipFile()
  const data = { exported_at: new Date().toISOString(), account, reports, supports, subscriptions }
  zip.addBuffer(Buffer.from(JSON.stringify(data, null, 2)), 'data.json')
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error))
  for (const id of [...reports, ...supports].flatMap(({ photos }) => photos)) addPhoto(zip, ctx.storage, photoName(id))
  zip.end()
  return zip
}

/** Its turn comes when those before it have gone out: one photo is in memory. */
function addPhoto(zip: ZipFile, storage: Storage, name: string): void {
  zip.addReadStreamLazy(`photos/${name}`, { compress: false }, (done) => {
    storage.get(name).then(
      // One that is gone must not keep the rest from its owner.
      (photo) => done(null, Readable.from(photo ? [photo] : [])),
      (error: unknown) => done(error, Readable.from([])),
    )
  })
}

const PUBLIC_ANSWERS =
  '(SELECT public_answers(report.answers, f.questions) FROM category_form AS f WHERE f.id = report.form_id)'

/**
 * Forgets the caller: the account and all that opens it, and contact details, account and answers that are not public of each report,
 * and of each "me too". The reports stay, nameless: they are records of the municipality. Throws staff-account.
 */
export function eraseOwnData(ctx: Context): Promise<{ reports_kept: number }> {
  if (ctx.actor && ctx.actor.grants.length > 0) throw problem('staff-account')
  return ctx.db.transaction(async (trx) => {
    const { reportIds, supportIds } = await ownIds({ ...ctx, db: trx })
    await trx('report')
      .whereIn('id', reportIds)
      .update({
        contact: null,
        reporter_id: null,
        idempotency_key: null,
        answers: trx.raw(`COALESCE(${PUBLIC_ANSWERS}, '{}')`),
        anonymised_at: trx.fn.now(),
      })
    await trx('report_support')
      .whereIn('id', supportIds)
      .update({ email: null, name: null, phone: null, account_id: null, device_hash: null })
    const detail = { reports: reportIds.length, supports: supportIds.length }
    await audit(ctx, { action: 'people.erase', subjectId: ctx.actor?.accountId, detail }, trx)
    await deleteAccount(ctx, trx)
    return { reports_kept: reportIds.length }
  })
}
