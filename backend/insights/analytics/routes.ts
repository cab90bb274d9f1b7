import type { Router } from 'express'
import type { Limit } from '../../core/http/limits.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { countCells, listPoints } from './service.ts'

/** Each may read a whole layer. */
const ANALYSES: Limit = { action: 'analysis', points: 120, per_s: 300 }

export function analyticsRoutes(router: Router): void {
  serve(router, api.analyticsCells, { may: 'anyone', limit: ANALYSES }, (ctx, { query }) => countCells(ctx, query))
  serve(router, api.analyticsPoints, { may: 'anyone', limit: ANALYSES }, (ctx, { query }) => listPoints(ctx, query))
}
