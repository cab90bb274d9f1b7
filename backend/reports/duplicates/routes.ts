import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { mergeReport, unmergeReport } from './merge.ts'
import { supportReport } from './support.ts'

// As for reports: many phones share one address of their network.
const SUPPORTS = { action: 'support', points: 60, per_s: 600 }

export function duplicateRoutes(router: Router): void {
  serve(router, api.supportReport, { may: 'anyone', limit: SUPPORTS }, (ctx, { params, body }) =>
    supportReport(ctx, params.id, body),
  )
  serve(router, api.mergeReport, { may: 'report.change' }, (ctx, { params, body }) =>
    mergeReport(ctx, params.id, body.into),
  )
  serve(router, api.unmergeReport, { may: 'report.change' }, (ctx, { params }) => unmergeReport(ctx, params.id))
}
