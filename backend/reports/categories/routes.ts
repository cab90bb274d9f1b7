import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { listCategories } from './read.ts'

export function categoryRoutes(router: Router): void {
  serve(router, api.listCategories, { may: 'anyone' }, (ctx) => listCategories(ctx))
}
