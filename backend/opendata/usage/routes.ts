import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { usageOf, usageTotals } from './usage.ts'

const HEADERS = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=60' }

export function usageRoutes(router: Router): void {
  serve(router, api.getUsage, { may: 'anyone' }, (ctx, { params, query }, _request, response) => {
    response.set(HEADERS)
    return usageOf(ctx, params.dataset, query)
  })
  serve(router, api.listUsage, { may: 'anyone' }, (ctx, _input, _request, response) => {
    response.set(HEADERS)
    return usageTotals(ctx)
  })
}
