import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { addLocalDay, deleteLocalDay, listLocalDays } from './service.ts'

export function dayRoutes(router: Router): void {
  const manage = { may: 'category.manage' } as const
  serve(router, api.listLocalDays, manage, (ctx, { query }) => listLocalDays(ctx, query.year))
  serve(router, api.addLocalDay, manage, (ctx, { body }) => addLocalDay(ctx, body))
  serve(router, api.deleteLocalDay, manage, (ctx, { params }) => deleteLocalDay(ctx, params.id))
}
