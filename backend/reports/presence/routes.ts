import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { sayGone, sayHere } from './presence.ts'

export function presenceRoutes(router: Router): void {
  serve(router, api.sayHere, { may: 'report.read' }, (ctx, { params }) => sayHere(ctx, params.id))
  serve(router, api.sayGone, { may: 'report.read' }, (ctx, { params }) => sayGone(ctx, params.id))
}
