import type { Response, Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { applyTours } from './apply.ts'
import * as api from './contract.ts'
import { proposeTours } from './propose.ts'

// Each keeps a processor busy for seconds.
const PLANS = { action: 'tours.plan', points: 120, per_s: 3600 }

export function tourRoutes(router: Router): void {
  serve(router, api.planTours, { may: 'work.plan', limit: PLANS }, async (ctx, { body }, _request, response) => {
    const signal = whileWaiting(response)
    try {
      return await proposeTours(ctx, body, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      // Nobody hears it any more.
      response.end()
      return undefined as never
    }
  })
  serve(router, api.applyTours, { may: 'work.plan' }, (ctx, { body }) => applyTours(ctx, body))
}

/** Aborts when the caller goes away before the answer. */
function whileWaiting(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}
