// What those who follow a report say about it after it was sent: internal entries of its timeline that they may read too.
import type { Db } from '../core/db/connect.ts'
import { problem } from '../core/http/problem.ts'

export interface Follower {
  reportId: string
  /** Who said "me too"; null: the reporter. */
  supportId: string | null
}

/** Whose private link it is. Throws not-found. */
export async function followerOf(db: Db, token: string): Promise<Follower> {
  const own = await db('report').where({ follow_token: token }).first('id')
  if (own) return { reportId: own.id, supportId: null }
  const support = await db('report_support').where({ follow_token: token }).first('id', 'report_id')
  if (!support) throw problem('not-found')
  return { reportId: support.report_id, supportId: support.id }
}

/** Writes down what somebody said; only staff and that person read it. Returns the id of the entry. */
export async function addWords(
  trx: Db,
  { reportId, supportId }: Follower,
  kind: 'note' | 'support' | 'corrected',
  note: string | null,
): Promise<string> {
  const [{ id }] = await trx('timeline_entry')
    .insert({ case_id: reportId, kind, note, is_public: false })
    .returning('id')
  await trx('report_words').insert({ timeline_entry_id: id, support_id: supportId })
  return id
}

/** Adds uploads to the report, for nobody to see but staff and who gave them, or for all who see it. Throws unknown-photo. */
export async function attachPhotos(
  trx: Db,
  { reportId, supportId }: Follower,
  photos: readonly string[],
  isPublished = false,
): Promise<void> {
  if (photos.length === 0) return
  const attached = await trx('attachment')
    .whereIn('id', photos)
    .whereNull('case_id')
    .update({ case_id: reportId, ...(isPublished && { published_at: trx.fn.now() }) })
  if (attached !== new Set(photos).size) throw problem('unknown-photo', { path: 'photos' })
  if (supportId) {
    const rows = [...new Set(photos)].map((photo_id) => ({ photo_id, support_id: supportId }))
    await trx('report_support_photo').insert(rows)
  }
}
