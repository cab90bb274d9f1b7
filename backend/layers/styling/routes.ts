import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { proposeClasses } from './classes.ts'
import * as api from './contract.ts'
import { getRecipe, previewStyle, saveStyle } from './service.ts'

export function stylingRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.getRecipe, may, (ctx, { params }) => getRecipe(ctx, params.layer))
  serve(router, api.proposeClasses, may, (ctx, { params, query }) => proposeClasses(ctx, params.layer, query))
  serve(router, api.previewStyle, may, (ctx, { params, body }) => previewStyle(ctx, params.layer, body))
  serve(router, api.saveStyle, may, (ctx, { params, body }) => saveStyle(ctx, params.layer, body))
}
