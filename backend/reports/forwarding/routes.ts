import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as forwarding from './service.ts'

// Each sends a request to somebody else's server.
const ASKS = { action: 'forwarding', points: 120, per_s: 3600 }

export function forwardingRoutes(router: Router): void {
  const may = 'forwarding.manage'
  serve(router, api.listEndpoints, { may }, (ctx) => forwarding.listEndpoints(ctx))
  serve(router, api.addEndpoint, { may, fresh: true }, async (ctx, { body }, _request, response) => {
    const made = await forwarding.addEndpoint(ctx, body)
    response.location('/api/staff/forwarding/endpoints')
    return made
  })
  serve(router, api.changeEndpoint, { may, fresh: true }, (ctx, { params, body }) =>
    forwarding.changeEndpoint(ctx, params.id, body),
  )
  serve(router, api.removeEndpoint, { may, fresh: true }, (ctx, { params }) =>
    forwarding.removeEndpoint(ctx, params.id),
  )
  serve(router, api.listRemoteServices, { may, limit: ASKS }, (ctx, { params }) =>
    forwarding.listRemoteServices(ctx, params.id),
  )
  serve(router, api.mapCategories, { may, fresh: true }, (ctx, { params, body }) =>
    forwarding.mapCategories(ctx, params.id, body.categories),
  )
  serve(router, api.listForwards, { may }, (ctx, { query }) => forwarding.listForwards(ctx, query.state))
  serve(router, api.retryForward, { may, limit: ASKS }, (ctx, { params }) => forwarding.retryForward(ctx, params.id))
}
