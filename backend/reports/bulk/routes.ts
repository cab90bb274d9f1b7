import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { actOnMany, undoMany } from './bulk.ts'
import * as api from './contract.ts'

export function bulkRoutes(router: Router): void {
  serve(router, api.actOnMany, { may: 'report.read' }, (ctx, { body }) => actOnMany(ctx, body))
  serve(router, api.undoMany, { may: 'report.read' }, (ctx, { params }) => undoMany(ctx, params.id))
}
