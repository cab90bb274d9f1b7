import { createHash } from 'node:crypto'
import type { Request, Router } from 'express'
import { type Context, may } from '../core/http/context.ts'
import { hasVersion } from '../core/http/etag.ts'
import { problem } from '../core/http/problem.ts'
import { serve, served } from '../core/http/serve.ts'
import * as api from './contract.ts'
import type { Layer } from './contract.ts'
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
    const layer = await getLayer(ctx, params.layer)
    response.set(cacheHeaders(ctx, 60))
    return tileJson(ctx, layer)
  })

  served.push({ endpoint: api.getTile, may: 'anyone' })
  router.get('/tiles/:layer/:z/:x/:y.mvt', async (request, response) => {
    const ctx: Context = response.locals['context']
    const tile = readTile(request)
    const layer = await getLayer(ctx, request.params.layer)
    if (tile.z > layer.max_zoom) throw problem('not-found')
    const key = `${contentKey(ctx, layer)}/${tile.z}/${tile.x}/${tile.y}`
    // An address that names the revision never changes its content.
    const isPinned = request.query['v'] === String(layer.revision)
    const etag = `"${key}"`
    response.set({ ...cacheHeaders(ctx, isPinned ? 86_400 : 60), ETag: etag })
    if (hasVersion(request, etag)) return void response.status(304).end()
    const body = tile.z < layer.min_zoom ? NOTHING : await cache.get(key, () => encodeTile(ctx, layer, tile))
    if (body.length === 0) return void response.status(204).end()
    response.type('application/vnd.mapbox-vector-tile').send(body)
  })
}

const NOTHING = Buffer.alloc(0)

const audienceOf = ({ actor }: Context): 'staff' | 'public' => (may(actor, 'staff.read') ? 'staff' : 'public')

// The time stands beside the revision because a layer that is dropped and made anew counts from one again; the fields,
// because closing one to the public does not touch the features.
function contentKey(ctx: Context, { slug, revision, updated_at, fields }: Layer): string {
  const names = createHash('sha256').update(JSON.stringify(fields)).digest('base64url').slice(0, 8)
  return `${slug}/${revision}-${Date.parse(updated_at).toString(36)}-${names}/${audienceOf(ctx)}`
}

/** What the public may see any page may read and any cache may keep; what staff see, only their browser. */
function cacheHeaders(ctx: Context, maxAgeS: number): Record<string, string> {
  const isPublic = audienceOf(ctx) === 'public'
  return {
    'Cache-Control': `${isPublic ? 'public' : 'private'}, max-age=${maxAgeS}, stale-while-revalidate=600`,
    Vary: 'Cookie, Accept-Language, Accept-Encoding',
    ...(isPublic && { 'Access-Control-Allow-Origin': '*' }),
  }
}

function readTile({ params }: Request): TileAddress {
  const [z, x, y] = [params['z'], params['x'], params['y']].map((part) =>
    /^\d{1,8}$/.test(String(part)) ? Number(part) : -1,
  ) as [number, number, number]
  const size = 2 ** z
  if (z < 0 || z > DEEPEST_ZOOM || x < 0 || y < 0 || x >= size || y >= size) throw problem('not-found')
  return { z, x, y }
}
