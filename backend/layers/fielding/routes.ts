import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as fields from './service.ts'

export function fieldRoutes(router: Router): void {
  const may = { may: 'layer.manage' } as const
  serve(router, api.listFields, may, (ctx, { params }) => fields.listFields(ctx, params.layer))
  serve(router, api.addField, may, async (ctx, { params, body }, _request, response) => {
    const made = await fields.addField(ctx, params.layer, body)
    response.location(`/api/staff/layers/${params.layer}/fields`)
    return made
  })
  serve(router, api.dateFeatures, may, async (ctx, { params }, _request, response) => {
    const made = await fields.dateFeatures(ctx, params.layer)
    response.location(`/api/staff/layers/${params.layer}/fields`)
    return made
  })
  serve(router, api.changeField, may, (ctx, { params, body }) =>
    fields.changeField(ctx, params.layer, params.field, body),
  )
  serve(router, api.retireField, may, (ctx, { params }) => fields.retireField(ctx, params.layer, params.field))
  serve(router, api.restoreField, may, (ctx, { params }) => fields.restoreField(ctx, params.layer, params.field))
}
