import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { listFormer, putFormerBack } from './service.ts'

export function formerRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.listFormer, may, (ctx, { params }) => listFormer(ctx, params.layer))
  serve(router, api.putFormerBack, may, (ctx, { params }) => putFormerBack(ctx, params.layer, params.id))
}
