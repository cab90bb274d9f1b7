import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { getFeature, listFeatures } from './service.ts'

export function editingRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.listFeatures, may, (ctx, { params, query }) => listFeatures(ctx, params.layer, query))
  serve(router, api.getFeature, may, (ctx, { params }) => getFeature(ctx, params.layer, params.id))
}
