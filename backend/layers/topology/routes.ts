import type { Router } from 'express'
import { onDayOf } from '../../core/http/context.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { assignGround, checkTopology } from './service.ts'

export function topologyRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.checkTopology, may, (ctx, { params, query }) =>
    checkTopology(onDayOf(ctx, query), params.layer, query),
  )
  serve(router, api.assignGround, may, (ctx, { params, query, body }) =>
    assignGround(onDayOf(ctx, query), params.layer, body),
  )
}
