// What the municipality waits for: whoever follows the report may say it, and the report goes on.
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { moveReport } from '../handling.ts'
import { followReport } from '../service.ts'
import { addWords, attachPhotos, followerOf } from '../words.ts'
import type { FollowedReport } from './contract.ts'

interface Answer {
  words: string
  photos: string[]
}

/** Takes an answer that was waited for. Throws not-asked, unknown-photo, not-found. */
export async function answerReport(ctx: Context, token: string, { words, photos }: Answer): Promise<FollowedReport> {
  await ctx.db.transaction(async (trx) => {
    const follower = await followerOf(trx, token)
    const id = follower.reportId
    const { status, is_public } = await trx('report').where({ id }).forUpdate().first('status', 'is_public')
    if (status !== 'waiting_for_citizen') throw problem('not-asked')
    await addWords(trx, follower, 'note', words)
    await attachPhotos(trx, follower, photos)
    await moveReport(trx, { id, isPublic: is_public, from: status, to: 'acknowledged', note: null, actorId: null })
  })
  return followReport(ctx, token)
}
