// What staff do with the photos of a report: let the public see them, and make faces and plates unrecognisable before.
import { audit } from '../core/audit.ts'
import type { BlurArea } from '../cases/contract.ts'
import { condemnPhotos, keepFile, photoRemovalJob, writeBlurredPhoto } from '../cases/service.ts'
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { StaffReportDetail } from './desk/contract.ts'
import { lock } from './handling.ts'
import { actorOf, existing, readStaffReport } from './service.ts'

interface Which {
  /** Report. */
  id: string
  photo: string
}

/** Lets the public see a photo, or no longer; a private report's stay private all the same. Throws not-found. */
export function changePhoto(
  ctx: Context,
  which: Which,
  { is_published }: { is_published: boolean },
): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    await own(ctx, trx, which)
    await trx('attachment')
      .where({ id: which.photo })
      .update({ published_at: is_published ? trx.raw('COALESCE(published_at, now())') : null })
    await tell(ctx, trx, which, { action: is_published ? 'photo.publish' : 'photo.withdraw', photo: which.photo })
    return readStaffReport(trx, which.id)
  })
}

/**
 * Makes areas of a photo unrecognisable for good. The blurred photo has a new address; the original can be
 * seen by nobody from then on, and is destroyed by a job.
 * Throws not-found, also when somebody else was faster.
 */
export async function blurPhoto(ctx: Context, which: Which, areas: readonly BlurArea[]): Promise<StaffReportDetail> {
  await ctx.db.transaction((trx) => own(ctx, trx, which))
  // Outside the transaction: it takes a second, and rows would be locked meanwhile.
  const blurred = await writeBlurredPhoto(ctx, which.photo, areas)
  return switchPhoto(ctx, which, blurred, areas.length)
}

function switchPhoto(
  ctx: Context,
  which: Which,
  blurred: { id: string; size_bytes: number },
  areas: number,
): Promise<StaffReportDetail> {
  return ctx.db.transaction(async (trx) => {
    await own(ctx, trx, which)
    await trx('attachment')
      .where({ id: which.photo })
      .update({ ...blurred, blurred_at: trx.fn.now() })
    await keepFile(trx, blurred.id)
    await condemnPhotos(trx, [which.photo])
    await ctx.jobs.send(trx, photoRemovalJob, null)
    await tell(ctx, trx, which, { action: 'photo.blur', photo: which.photo, becomes: blurred.id, areas })
    return readStaffReport(trx, which.id)
  })
}

/** Locks the report, when it is the caller's to change and the photo belongs to it. Throws not-found. */
async function own(ctx: Context, trx: Db, { id, photo }: Which): Promise<void> {
  await lock(ctx, trx, id, 'report.change')
  if (
    !(await trx('attachment')
      .where({ id: existing(photo), case_id: id })
      .first('id'))
  )
    throw problem('not-found')
}

async function tell(
  ctx: Context,
  trx: Db,
  { id }: Which,
  { action, ...detail }: { action: string; photo: string; becomes?: string; areas?: number },
): Promise<void> {
  await audit(ctx, { action, subjectId: id, detail }, trx)
  await emit(trx, { type: 'report.changed', subjectId: id, actorId: actorOf(ctx).accountId, payload: { action } })
}
