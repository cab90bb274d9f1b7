// Sends what the crew did, in the order in which it happened, as soon as there is a network.
import { upload } from '../../../../backend/reports/contract.ts'
import { actOnWork, type ActAnswer } from '../../../../backend/work/contract.ts'
import { call, Problem } from '../../core/api.ts'
import { refreshSession } from '../../core/session.ts'
import { dropAct, type KeptAct, keptActs, updateAct } from './store.ts'

/** How it went: all sent; no network, or the server is busy; or somebody has to sign in first. */
export type Sent = 'all' | 'later' | 'sign-in'

/**
 * Sends the acts of an account. What the server refuses stays with its words, for the crew to read; the acts after it go on.
 */
export async function sendActs(account: string): Promise<Sent> {
  for (const act of await keptActs(account)) {
    if (act.refused) continue
    try {
      const answer = await send(act)
      if (answer.message) await updateAct({ ...act, photos: [], refused: answer.message })
      else await dropAct(act)
    } catch (failure) {
      const outcome = await settle(act, failure)
      if (outcome !== 'all') return outcome
    }
  }
  return 'all'
}

async function send(act: KeptAct): Promise<ActAnswer> {
  for (const photo of act.photos) {
    if (photo.upload) continue
    const body = new FormData()
    body.set('file', photo.file, 'photo.jpg')
    photo.upload = (await call(upload, { body })).id
    // So that a connection that breaks in between costs no photo twice.
    await updateAct(act)
  }
  const photos = act.photos.map(({ upload: id, moment }) => ({ id: id!, moment }))
  return call(actOnWork, {
    params: { id: act.order },
    headers: { 'Idempotency-Key': act.key },
    body: { ...act.act, photos },
  })
}

const TOO_EARLY = new Set([0, 408, 425, 429])

/** What becomes of an act that failed; 'all': the next one may go. */
async function settle(act: KeptAct, failure: unknown): Promise<Sent> {
  if (!(failure instanceof Problem)) throw failure
  const { type, status } = failure.body
  if (TOO_EARLY.has(status) || status >= 500) return 'later'
  // After a start without network the page has no proof yet that it is ours.
  if (type.endsWith('cross-site')) {
    await refreshSession()
    return 'later'
  }
  if (status === 401 || status === 403) return 'sign-in'
  if (type.endsWith('unknown-photo') && act.photos.some((photo) => photo.upload)) {
    // Uploads that nothing came for are forgotten after a day: they go up again.
    await updateAct({ ...act, photos: act.photos.map(({ file, moment }) => ({ file, moment })) })
    return 'later'
  }
  await updateAct({ ...act, refused: failure.message })
  return 'all'
}
