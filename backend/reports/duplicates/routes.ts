import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { mergeReport, unmergeReport } from './merge.ts'
import { likelyIn, likelyOf, sayNotSame } from './suggest.ts'
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
  serve(router, api.likelyOfReport, { may: 'report.read' }, (ctx, { params }) => likelyOf(ctx, params.id))
  serve(router, api.likelyReports, { may: 'report.read' }, (ctx, { query }) => likelyIn(ctx, query))
  serve(router, api.sayNotSame, { may: 'report.change' }, (ctx, { params, body }) =>
    sayNotSame(ctx, params.id, body.other),
  )
}
