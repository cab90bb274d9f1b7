// What a contractor answers to an order that has come onto its tour. That it is offered, the database sees to: work_order_offer().
import type { z } from 'zod'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { actorOf } from '../reports/service.ts'
import type * as api from './contract.ts'
import { changedNow, demandVersion, enter, type Locked, lockWork, tell } from './edit.ts'
import { oneAtATime, takeOff } from './plan.ts'
import { readWork } from './read.ts'

type Answer = z.output<NonNullable<(typeof api.answerOffer)['body']>>

/**
 * Accepts an offered order at a price, or declines it: then it waits to be planned again. Throws not-found, not-allowed for those
 * who are not of the crew, stale-version, no-offer, reason-needed.
 */
export function answerOffer(ctx: Context, id: string, asked: Answer): Promise<api.WorkDetail> {
  const { answer, reason, price_cents = null } = asked
  if (answer === 'declined' && !reason) throw problem('reason-needed', { path: 'reason' })
  return ctx.db.transaction(async (trx) => {
    await oneAtATime(trx)
    const locked = await lockWork(ctx, trx, id, 'work.do')
    demandOwnCrew(ctx, locked)
    await demandVersion(ctx, trx, id, locked, asked)
    if (locked.offer !== 'offered' || locked.status !== 'planned') throw problem('no-offer')
    const answered = { offer: answer, answered_at: trx.fn.now() }
    const entry = { kind: answer, crew_id: locked.crew_id!, actor_id: actorOf(ctx).accountId }
    if (answer === 'accepted') {
      await trx('work_order')
        .where({ id })
        .update({ ...answered, price_cents, ...changedNow(trx) })
      await enter(trx, id, { ...entry, status: 'planned', note: price_cents === null ? null : String(price_cents) })
    } else {
      await takeOff(trx, id, locked, { crew_id: null, day_on: null })
      // After it has left the tour, and with that the offer.
      await trx('work_order').where({ id }).update(answered)
      await enter(trx, id, { ...entry, status: 'draft', note: reason })
    }
    await tell(ctx, trx, id, 'work.offer', { answer, price_cents })
    // Whoever declines sees it once more.
    return readWork(ctx, trx, id)
  })
}

/** Who oversees a contractor does not answer for it. */
function demandOwnCrew(ctx: Context, { crew_id }: Locked): void {
  const isOwn = actorOf(ctx).grants.some(
    ({ crewId, permissions }) => crewId === crew_id && permissions.includes('work.do'),
  )
  if (!crew_id || !isOwn) throw problem('not-allowed')
}
