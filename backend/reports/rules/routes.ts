import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { getRuleArea, listOpenMoves, listRules, moveReports, publishRules, tryRules } from './service.ts'

export function ruleRoutes(router: Router): void {
  const manage = { may: 'category.manage' } as const
  serve(router, api.listRules, manage, (ctx) => listRules(ctx.db))
  serve(router, api.getRuleArea, manage, (ctx, { query }) => getRuleArea(ctx.db, query))
  serve(router, api.whatIf, manage, (ctx, { body }) => tryRules(ctx, body))
  serve(router, api.listOpenMoves, manage, listOpenMoves)
  serve(router, api.moveReports, manage, (ctx, { body }) => moveReports(ctx, body.reason))
  serve(router, api.publishRules, manage, (ctx, { body }) => publishRules(ctx, body))
}
