import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as subscriptions from './subscriptions.ts'

export function subscriptionRoutes(router: Router): void {
  const may = 'signed-in'
  serve(router, api.listSubscriptions, { may }, (ctx) => subscriptions.listSubscriptions(ctx))
  serve(router, api.addSubscription, { may }, async (ctx, { body }, _request, response) => {
    const made = await subscriptions.addSubscription(ctx, body)
    response.location('/api/me/subscriptions')
    return made
  })
  serve(router, api.removeSubscription, { may }, (ctx, { params }) => subscriptions.removeSubscription(ctx, params.id))
  serve(router, api.unsubscribe, { may: 'anyone' }, (ctx, { params }) => subscriptions.unsubscribe(ctx, params.token))
  // Whatever reads letters for a person follows links; only the button, or a POST, ends anything.
  serve(router, api.openUnsubscribe, { may: 'anyone' }, async (_ctx, { params }, _request, response) => {
    response.redirect(303, `/unsubscribe/${encodeURIComponent(params.token)}`)
  })
}
