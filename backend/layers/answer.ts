// The sending of one tile: cached, tagged, with the fields that were asked for.
import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { Cache } from '../core/cache.ts'
import { OnDay } from '../core/contract.ts'
import { dayInAthens } from '../core/days.ts'
import type { Db } from '../core/db/connect.ts'
import type { TileAddress } from '../core/geo/tile.ts'
import { type Context, may } from '../core/http/context.ts'
import { hasVersion } from '../core/http/etag.ts'
import { badParameter, problem } from '../core/http/problem.ts'
import type { Layer } from './contract.ts'
import { encodeTile } from './tiles.ts'

const CACHE_BYTES = 64 * 1024 * 1024
const NOTHING = Buffer.alloc(0)

/** One a municipality: layers of two may have the same name. */
const caches = new WeakMap<Db, Cache<Buffer>>()

function cacheOf({ db }: Context): Cache<Buffer> {
  const cache = caches.get(db) ?? new Cache(CACHE_BYTES, ({ length }) => length)
  caches.set(db, cache)
  return cache
}

/** Sends a tile of the layer, 204 where there is nothing. Throws not-found beyond the zooms of the layer, bad-parameter. */
export async function sendTile(ctx: Context, whole: Layer, tile: TileAddress, request: Request, response: Response) {
  if (tile.z > whole.max_zoom) throw problem('not-found')
  const layer = withProperties(whole, request.query['properties'])
  const day = layer.is_dated ? readDay(request.query['at']) : null
  const key = [contentKey(ctx, layer), ...(day ? [day] : []), tile.z, tile.x, tile.y].join('/')
  // An address that names the revision never changes its content.
  const isPinned = request.query['v'] === String(layer.revision) && (!day || request.query['at'] === day)
  const etag = `"${key}"`
  response.set({ ...cacheHeaders(ctx, isPinned ? 86_400 : 60), ETag: etag })
  if (hasVersion(request, etag)) return void response.status(304).end()
  const body = tile.z < layer.min_zoom ? NOTHING : await cacheOf(ctx).get(key, () => encodeTile(ctx, layer, tile, day))
  if (body.length === 0) return void response.status(204).end()
  response.type('application/vnd.mapbox-vector-tile').send(body)
}

/** A day, today unless another is asked for. */
function readDay(asked: unknown): string {
  if (asked === undefined) return dayInAthens()
  const { success, data } = OnDay.shape.at.unwrap().safeParse(asked)
  if (!success) throw badParameter('at', 'parameter.day')
  return data
}

/** Only these properties, with commas between them. */
function withProperties(layer: Layer, asked: unknown): Layer {
  if (asked === undefined) return layer
  const names = String(asked).split(',').filter(Boolean)
  const known = layer.fields.map(({ name }) => name)
  if (typeof asked !== 'string' || !names.every((name) => known.includes(name)))
    throw badParameter('properties', 'parameter.property', { known: known.join(', ') })
  return { ...layer, fields: layer.fields.filter(({ name }) => names.includes(name)) }
}

const audienceOf = ({ actor }: Context): 'staff' | 'public' => (may(actor, 'staff.read') ? 'staff' : 'public')

// The time stands beside the revision because a layer that is dropped and made anew counts from one again; the fields,
// because closing one to the public does not touch the features.
function contentKey(ctx: Context, { slug, revision, updated_at, fields }: Layer): string {
  const names = createHash('sha256').update(JSON.stringify(fields)).digest('base64url').slice(0, 8)
  return `${slug}/${revision}-${Date.parse(updated_at).toString(36)}-${names}/${audienceOf(ctx)}`
}

/** What the public may see any page may read and any cache may keep; what staff see, only their browser. */
export function cacheHeaders(ctx: Context, maxAgeS: number): Record<string, string> {
  const isPublic = audienceOf(ctx) === 'public'
  return {
    'Cache-Control': `${isPublic ? 'public' : 'private'}, max-age=${maxAgeS}, stale-while-revalidate=600`,
    Vary: 'Cookie, Accept-Language, Accept-Encoding',
    ...(isPublic && { 'Access-Control-Allow-Origin': '*' }),
  }
}
