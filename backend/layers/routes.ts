import type { Request, Response, Router } from 'express'
import { type Context, may } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import { getLayer, listLayers } from './service.ts'
import { TileCache } from './tilecache.ts'
import { tileJson } from './tilejson.ts'
import { encodeTile, type TileAddress } from './tiles.ts'

const CACHE_BYTES = 64 * 1024 * 1024
const DEEPEST_ZOOM = 22

export function layerRoutes(router: Router): void {
  const cache = new TileCache(CACHE_BYTES)

  serve(router, api.listLayers, { may: 'anyone' }, (ctx) => listLayers(ctx))
  serve(router, api.getTileJson, { may: 'anyone' }, async (ctx, { params }, _request, response) => {
    response.set('Access-Control-Allow-Origin', '*')
    return tileJson(ctx, await getLayer(ctx, params.layer))
  })

  router.get('/tiles/:layer/:z/:x/:y.mvt', async (request, response) => {
    const ctx: Context = response.locals['context']
    const tile = readTile(request)
    const layer = await getLayer(ctx, String(request.params['layer']))
    const audience = may(ctx.actor, 'staff.read') ? 'staff' : 'public'
    const key = `${layer.slug}/${layer.revision}/${audience}/${tile.z}/${tile.x}/${tile.y}`
    setHeaders(request, response, audience, `"${key}"`, layer.revision)
    if (request.get('If-None-Match') === `"${key}"`) return void response.status(304).end()
    if (tile.z < layer.min_zoom) return void response.status(204).end()
    if (tile.z > layer.max_zoom) throw problem('not-found')
    const body = await cache.get(key, () => encodeTile(ctx, layer, tile))
    if (body.length === 0) return void response.status(204).end()
    response.type('application/vnd.mapbox-vector-tile').send(body)
  })
}

function setHeaders(
  request: Request,
  response: Response,
  audience: 'staff' | 'public',
  etag: string,
  revision: number,
): void {
  const scope = audience === 'staff' ? 'private' : 'public'
  // An address that names the revision never changes its content.
  const isPinned = request.query['v'] === String(revision)
  response.set({
    ETag: etag,
    'Cache-Control': `${scope}, max-age=${isPinned ? 86_400 : 60}, stale-while-revalidate=600`,
    'Access-Control-Allow-Origin': '*',
    Vary: 'Cookie, Accept-Encoding',
  })
}

function readTile({ params }: Request): TileAddress {
  const [z, x, y] = [params['z'], params['x'], params['y']].map((part) =>
    /^\d{1,8}$/.test(String(part)) ? Number(part) : -1,
  ) as [number, number, number]
  const size = 2 ** z
  if (z < 0 || z > DEEPEST_ZOOM || x < 0 || y < 0 || x >= size || y >= size) throw problem('not-found')
  return { z, x, y }
}
