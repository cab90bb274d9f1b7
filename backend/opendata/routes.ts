import { pipeline } from 'node:stream/promises'
import type { Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { hasVersion } from '../core/http/etag.ts'
import { serve, served } from '../core/http/serve.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import * as api from './contract.ts'
import { getCollection, listCollections } from './collections.ts'
import { geoJsonStream } from './download.ts'

export function openDataRoutes(router: Router): void {
  serve(router, api.listDatasets, { may: 'anyone' }, async (ctx, _input, _request, response) => {
    response.set('Access-Control-Allow-Origin', '*')
    return (await listCollections(ctx)).map((collection) => ({
      ...collection,
      distributions: [{ format: 'application/geo+json', href: `${ctx.baseUrl}/opendata/${collection.slug}.geojson` }],
    }))
  })

  catalogueRoutes(router)

  served.push({ endpoint: api.download, may: 'anyone' })
  router.get('/opendata/:dataset.geojson', async (request, response) => {
    const ctx: Context = response.locals['context']
    const dataset = await getCollection(ctx, request.params.dataset)
    const etag = `"${dataset.slug}-${dataset.version}"`
    response.set({
      ETag: etag,
      'Cache-Control': 'public, max-age=60, stale-while-revalidate=600',
      'Access-Control-Allow-Origin': '*',
      Link: `<https://spdx.org/licenses/${dataset.licence}.html>; rel="license"`,
    })
    if (hasVersion(request, etag)) return void response.status(304).end()
    response.type('application/geo+json').attachment(`${dataset.slug}.geojson`)
    if (request.method === 'HEAD') return void response.end()
    await pipeline(geoJsonStream(ctx, dataset), response).catch((error: NodeJS.ErrnoException) => {
      // Who closes the page half-way has done nothing wrong, and neither have we.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    })
  })
}
