import type { Router } from 'express'
import { readTile } from '../core/geo/tile.ts'
import { type Context, onDayOf } from '../core/http/context.ts'
import { serve, served } from '../core/http/serve.ts'
import { daysAhead } from './ahead.ts'
import { cacheHeaders, sendTile } from './answer.ts'
import { changeLayer, deleteLayer } from './change.ts'
import * as api from './contract.ts'
import { getLayer, listLayers } from './service.ts'
import { styleOf } from './style.ts'
import { tileJson } from './tilejson.ts'

export function layerRoutes(router: Router): void {
  serve(router, api.listLayers, { may: 'anyone' }, (ctx, { query }) => listLayers(onDayOf(ctx, query)))
  serve(router, api.listDaysAhead, { may: 'anyone' }, daysAhead)
  serve(router, api.changeLayer, { may: 'layer.manage' }, (ctx, { params, body }) =>
    changeLayer(ctx, params.layer, body),
  )
  serve(router, api.deleteLayer, { may: 'layer.manage' }, (ctx, { params }) => deleteLayer(ctx, params.layer))
  serve(router, api.getTileJson, { may: 'anyone' }, async (ctx, { params }, _request, response) => {
    const layer = await getLayer(ctx, params.layer)
    response.set(cacheHeaders(ctx, 60))
    return tileJson(ctx, layer)
  })
  serve(router, api.getStyle, { may: 'anyone' }, async (ctx, { params }, _request, response) => {
    const layer = await getLayer(ctx, params.layer)
    response.set(cacheHeaders(ctx, 60))
    return styleOf(ctx, layer)
  })

  served.push({ endpoint: api.getTile, may: 'anyone' })
  router.get('/tiles/:layer/:z/:x/:y.mvt', async (request, response) => {
    const ctx: Context = response.locals['context']
    const { z, x, y, layer } = request.params
    const tile = readTile(z, x, y)
    await sendTile(ctx, await getLayer(ctx, layer), tile, request, response)
  })
}
