import type { Router } from 'express'
import { onDayOf } from '../core/http/context.ts'
import { serve } from '../core/http/serve.ts'
import { searchPlaces } from '../places/service.ts'
import { findByProtocol } from '../reports/service.ts'
import * as api from './contract.ts'

export function searchRoutes(router: Router): void {
  serve(router, api.search, { may: 'anyone' }, async (ctx, { query }) => {
    const found = await Promise.all([findByProtocol(ctx, query.q), searchPlaces(onDayOf(ctx, query), query)])
    return found.flat().slice(0, query.limit)
  })
}
