import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as webhooks from './service.ts'

// Each sends a request to somebody else's server.
const SENDS = { action: 'webhook', points: 120, per_s: 3600 }

export function webhookRoutes(router: Router): void {
  serve(router, api.listWebhooks, { may: 'webhook.manage' }, (ctx) => webhooks.listWebhooks(ctx))
  serve(router, api.addWebhook, { may: 'webhook.manage', fresh: true }, async (ctx, { body }, _request, response) => {
    const made = await webhooks.addWebhook(ctx, body)
    response.location('/api/staff/webhooks')
    return made
  })
  serve(router, api.changeWebhook, { may: 'webhook.manage', fresh: true }, (ctx, { params, body }) =>
    webhooks.changeWebhook(ctx, params.id, body),
  )
  serve(router, api.removeWebhook, { may: 'webhook.manage', fresh: true }, (ctx, { params }) =>
    webhooks.removeWebhook(ctx, params.id),
  )
  serve(router, api.listDeliveries, { may: 'webhook.manage' }, (ctx, { params }) =>
    webhooks.listDeliveries(ctx, params.id),
  )
  serve(router, api.tryWebhook, { may: 'webhook.manage', limit: SENDS }, (ctx, { params }) =>
    webhooks.tryWebhook(ctx, params.id),
  )
  serve(router, api.replayDelivery, { may: 'webhook.manage', limit: SENDS }, (ctx, { params }) =>
    webhooks.replayDelivery(ctx, params.id, params.delivery),
  )
}
