import type { Router } from 'express'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import { publicStatistics, staffStatistics } from './service.ts'

export function insightRoutes(router: Router): void {
  serve(router, api.publicStatistics, { may: 'anyone' }, (ctx, { query }, _request, response) => {
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
    return publicStatistics(ctx, query)
  })
  serve(router, api.staffStatistics, { may: 'report.read' }, (ctx, { query }) => staffStatistics(ctx, query))
}
