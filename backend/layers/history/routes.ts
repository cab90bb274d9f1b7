import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { listHistory, putBack } from './service.ts'

export function historyRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.listHistory, may, (ctx, { params, query }) => listHistory(ctx, params.layer, query))
  serve(router, api.putBack, may, (ctx, { params }) => putBack(ctx, params.layer, params.id))
}
