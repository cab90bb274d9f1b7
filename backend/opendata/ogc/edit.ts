// OGC API - Features Part 4 (20-002): GIS officers create, replace, update and delete features.
import type { Request, Router } from 'express'
import { problem } from '../../core/http/problem.ts'
import { serve } from '../../core/http/serve.ts'
import { changeFeature, createFeature, deleteFeature } from '../../layers/service.ts'
import { placed } from '../cql2/geometry.ts'
import { CRS84 } from '../crs.ts'
import * as contract from './contract.ts'
import type { FeatureBody } from './contract.ts'
import { GEOJSON, JSON_TYPE } from './links.ts'
import { explained, readCrs } from './parameters.ts'

const MAY = { may: 'layer.manage' } as const

export function editRoutes(router: Router): void {
  serve(router, contract.createItem, MAY, async (ctx, { params, body }, request, response) => {
    const id = await createFeature(ctx, params.collection, valuesOf(request, body))
    response.location(`${ctx.baseUrl}/ogc/collections/${params.collection}/items/${id}`)
    return { id }
  })
  serve(router, contract.replaceItem, MAY, async (ctx, { params, body }, request) => {
    const values = valuesOf(request, { ...body, geometry: body.geometry ?? null })
    await changeFeature(ctx, which(params, request), values, { isWhole: true })
  })
  serve(router, contract.updateItem, MAY, async (ctx, { params, body }, request) => {
    await changeFeature(ctx, which(params, request), valuesOf(request, body), { isWhole: false })
  })
  serve(router, contract.deleteItem, MAY, (ctx, { params }, request) => deleteFeature(ctx, which(params, request)))
}

/** Part 4, 8: without the version that the caller has seen, a change of somebody else could be lost. */
function which({ collection, id }: { collection: string; id: string }, request: Request) {
  const given = request.get('If-Match')
  if (given === undefined) throw problem('precondition-needed')
  return { slug: collection, id, version: given === '*' ? null : (/^"(\w+)-/.exec(given)?.[1] ?? '') }
}

function valuesOf(request: Request, { properties, geometry }: FeatureBody) {
  if (!request.is(['json', '+json']))
    throw problem('unsupported-type', { values: { types: `${GEOJSON}, ${JSON_TYPE}` } })
  // Part 2 says nothing of requests: the header of answers is read here too.
  const uri = request.get('Content-Crs')?.replace(/^<|>$/g, '')
  const crs = uri ? readCrs({ 'Content-Crs': uri }, 'Content-Crs') : CRS84
  return {
    properties: properties ?? {},
    geometry: geometry ? explained('geometry', () => placed(geometry, crs)) : undefined,
    srid: crs.srid,
  }
}
