import type { Router } from 'express'
import { serve } from '../core/http/serve.ts'
import { getCity } from './city.ts'
import * as api from './contract.ts'
import { whatIsHere } from './where.ts'

export function placeRoutes(router: Router): void {
  serve(router, api.getCity, { may: 'anyone' }, (ctx) => getCity(ctx))
  serve(router, api.where, { may: 'anyone' }, (ctx, { query }) => whatIsHere(ctx, query))
}
