// A report's own words: changed or taken back soon after sending, added to later.
import type { Db } from '../../core/db/connect.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { FollowedReport } from './contract.ts'
import { CORRECT_MIN, followReport } from '../service.ts'
import { addWords, type Follower, followerOf } from '../words.ts'

/** Corrects or takes back what was reported, or adds a note when it is too late. Throws withdraw-too-late, not-found. */
export async function changeWords(ctx: Context, token: string, description: string): Promise<FollowedReport> {
  await ctx.db.transaction(async (trx) => {
    const follower = await followerOf(trx, token)
    const report = await trx('report')
      .where({ id: follower.reportId })
      .forUpdate()
      .first('description', trx.raw('created_at + make_interval(mins => ?) > now() AS is_in_time', [CORRECT_MIN]))
    if (report.description === description) return
    if (!follower.supportId && report.is_in_time) await correct(trx, follower, report.description, description)
    else await note(trx, follower, description)
    await emit(trx, { type: 'report.changed', subjectId: follower.reportId, payload: { action: 'words' } })
  })
  return followReport(ctx, token)
}

async function correct(trx: Db, follower: Follower, from: string, to: string): Promise<void> {
  const id = follower.reportId
  await trx('report')
    .where({ id })
    .update({ description: to, updated_at: trx.fn.now(), ...(!to && { answers: '{}' }) })
  // Somebody may be on the way by the words from before. What was taken back is gone, though: only that it was is kept.
  await addWords(trx, follower, 'corrected', to ? from : null)
  if (!to) await trx('timeline_entry').where({ case_id: id, kind: 'corrected' }).update({ note: null })
}

async function note(trx: Db, follower: Follower, words: string): Promise<void> {
  if (!words) throw problem('withdraw-too-late', { path: 'description' })
  await addWords(trx, follower, 'note', words)
}
