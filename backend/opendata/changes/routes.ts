import type { Router } from 'express'
import type { Context } from '../../core/http/context.ts'
import { served } from '../../core/http/serve.ts'
import { getCollection } from '../collections.ts'
import { getChanges } from '../contract.ts'
import { BETWEEN } from '../features.ts'
import { GEOJSON } from '../ogc/links.ts'
import { readParameters } from '../ogc/parameters.ts'
import { type Changes, readChanges, startOfChanges } from './changes.ts'

export function changesRoutes(router: Router): void {
  served.push({ endpoint: getChanges, may: 'anyone' })
  router.get('/opendata/:dataset/changes', async (request, response) => {
    const ctx: Context = response.locals['context']
    response.set('Access-Control-Allow-Origin', '*')
    const { since } = readParameters(request.query as Record<string, unknown>, ['since'])
    const collection = await getCollection(ctx, request.params.dataset)
    const changes: Changes = since
      ? await readChanges(ctx, collection, since)
      : { features: [], gone: [], count: 0, hasMore: false, next: await startOfChanges(ctx) }
    const address = `${ctx.baseUrl}/opendata/${collection.slug}/changes`
    response.type(GEOJSON).send(written(changes, new URL(request.originalUrl, ctx.baseUrl).href, address))
  })
}

/** RFC 7946 with members of our own (6.1). Features and ids are JSON already: numbers beyond 2^53 stay whole. */
function written({ features, gone, count, next, hasMore }: Changes, self: string, address: string): string {
  const head = { type: 'FeatureCollection', timeStamp: new Date().toISOString(), numberReturned: count, has_more: hasMore, next } // prettier-ignore
  const links = [
    { rel: 'self', type: GEOJSON, href: self },
    { rel: 'next', type: GEOJSON, href: `${address}?since=${next}` },
  ]
  const ids = gone.map((id) => (/^-?\d+$/.test(id) ? id : JSON.stringify(id)))
  return `${JSON.stringify({ ...head, links }).slice(0, -1)},"gone":[${ids.join(',')}],"features":[${features.join(BETWEEN)}]}`
}
