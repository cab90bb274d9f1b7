import type { Response, Router } from 'express'
import { SHEETS } from '../../core/http/limits.ts'
import { problem } from '../../core/http/problem.ts'
import { serve } from '../../core/http/serve.ts'
import { sendSheet } from '../../core/pdf.ts'
import { getTour } from '../read.ts'
import { applyTours } from './apply.ts'
import * as api from './contract.ts'
import { proposeTours } from './propose.ts'
import { drawTour } from './sheet.ts'

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
  serve(router, api.tourSheet, { may: 'work.read', limit: SHEETS }, async (ctx, { query }, _request, response) => {
    const tour = await getTour(ctx, query)
    if (!tour.crew) throw problem('not-found')
    const sheet = await drawTour({ ...ctx, language: query.language ?? ctx.language }, tour)
    await sendSheet(sheet, `tour-${tour.crew.slug}-${tour.day}`, response)
    return ''
  })
  serve(router, api.applyTours, { may: 'work.plan' }, (ctx, { body }) => applyTours(ctx, body))
}

/** Aborts when the caller goes away before the answer. */
function whileWaiting(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}
