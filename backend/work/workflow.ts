// What a work order may become, and what counts when several say that they did it.
import type { ActAnswer, Offer, WorkAct, WorkStatus } from './contract.ts'

/** The moves a work order can make; draft and planned follow from whether it has a crew and a day. */
export const moves: Record<WorkStatus, readonly WorkStatus[]> = {
  draft: ['planned', 'under_way', 'done', 'not_possible', 'cancelled'],
  planned: ['draft', 'under_way', 'done', 'not_possible', 'cancelled'],
  under_way: ['draft', 'planned', 'done', 'not_possible', 'cancelled'],
  // The car that stood there is gone tomorrow.
  not_possible: ['draft', 'planned', 'cancelled'],
  done: [],
  cancelled: [],
}

/** Orders somebody still has to go for. */
export const OPEN: readonly WorkStatus[] = ['draft', 'planned', 'under_way']

type Act = WorkAct['act']
type Refusal = NonNullable<ActAnswer['refusal']>

/** The state that an act means; a note means none. */
export const meant: Record<Act, WorkStatus | null> = {
  arrive: 'under_way',
  done: 'done',
  not_possible: 'not_possible',
  note: null,
}

/**
 * What an act does to an order, whenever it comes: the first to finish wins, what was called off stays so, and what is no longer
 * one's own is left alone. A contractor accepts before it goes. A refused act is kept as a note. `to`: state from then on; null: as it was.
 */
export function decide(
  { status, offer, isOwn }: { status: WorkStatus; offer: Offer | null; isOwn: boolean },
  act: Act,
): { to: WorkStatus | null; refusal: Refusal | null } {
  if (!isOwn) return { to: null, refusal: 'given_away' }
  const to = meant[act]
  // Notes are always welcome.
  if (!to) return { to: null, refusal: null }
  if (status === 'cancelled') return { to: null, refusal: 'cancelled' }
  if (!OPEN.includes(status)) return { to: null, refusal: 'finished' }
  if (offer === 'offered') return { to: null, refusal: 'not_accepted' }
  // Two phones of a crew arrive once.
  return { to: to === status ? null : to, refusal: null }
}
