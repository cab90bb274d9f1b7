import type { Response, Router } from 'express'
import type { Context } from '../../core/http/context.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { replaceDuties } from './duties.ts'
import { listPlaces } from './find.ts'
import { getPlace } from './one.ts'
import { sendListPage, sendPlacePage } from './page.ts'
import { sendPreview } from './preview.ts'

const of = (response: Response): Context => response.locals['context']

export function poiRoutes(router: Router): void {
  serve(router, api.listPlaces, { may: 'anyone' }, (ctx, { query }) => listPlaces(ctx, query))
  serve(router, api.getPlace, { may: 'anyone' }, (ctx, { params: { layer, key }, query: { at } }) =>
    getPlace(ctx, layer, key, at === 'now' ? new Date() : new Date(at)),
  )
  serve(router, api.replaceDuties, { may: 'layer.manage' }, (ctx, { params, body }) =>
    replaceDuties(ctx, params.layer, body.csv),
  )
  router.get('/places', (_request, response) => sendListPage(of(response), response))
  router.get('/places/:layer/:key', (request, response) =>
    sendPlacePage(of(response), request.params.layer, request.params.key, response),
  )
  router.get('/places/:layer/:key/preview.png', (request, response) =>
    sendPreview(of(response), request.params.layer, request.params.key, request, response),
  )
}
