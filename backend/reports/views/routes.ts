import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { deleteView, listViews, saveView } from './views.ts'

export function viewRoutes(router: Router): void {
  serve(router, api.listViews, { may: 'report.read' }, listViews)
  serve(router, api.saveView, { may: 'report.read' }, (ctx, { body }) => saveView(ctx, body))
  serve(router, api.deleteView, { may: 'report.read' }, (ctx, { params }) => deleteView(ctx, params.id))
}
