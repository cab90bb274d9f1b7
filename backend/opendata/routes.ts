import type { Router } from 'express'
import type { Context } from '../core/http/context.ts'
import { served } from '../core/http/serve.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { changesRoutes } from './changes/routes.ts'
import { type Collection, getCollection, listCollections } from './collections.ts'
import * as api from './contract.ts'
import { downloadRoutes } from './downloads/routes.ts'
import { formatsOf } from './formats.ts'
import { datasetPage, readAbout } from './ogc/datasetpage.ts'
import { describeCollection } from './ogc/documents.ts'
import { collectionsPage } from './ogc/html.ts'
import { JSON_TYPE, selfAndAlternate } from './ogc/links.ts'
import type { Answer, Asked } from './ogc/negotiate.ts'
import { readParameters } from './ogc/parameters.ts'
import { serveDocument } from './ogc/serve.ts'
import { usageRoutes } from './usage/routes.ts'
import { preparedRoutes } from './prepared/routes.ts'
import { robots, sitemap } from './sitemap.ts'
import { versionRoutes } from './versions/routes.ts'

export function openDataRoutes(router: Router): void {
  catalogueRoutes(router)
  downloadRoutes(router)
  usageRoutes(router)
  changesRoutes(router)
  versionRoutes(router)
  preparedRoutes(router)
  serveDocument(router, api.listDatasets, [JSON_TYPE], datasets)
  serveDocument(router, api.getDataset, [JSON_TYPE], (asked, params) => dataset(asked, params['dataset'] ?? ''))

  for (const [endpoint, type, write] of [
    [api.getSitemap, 'application/xml', sitemap],
    [api.getRobots, 'text/plain', robots],
  ] as const) {
    served.push({ endpoint, may: 'anyone' })
    router.get(endpoint.path, async (_request, response) => {
      const ctx: Context = response.locals['context']
      response.set('Cache-Control', 'public, max-age=3600').type(type)
      response.send(await write(ctx))
    })
  }
}

const FORMS = ['f', 'lang'] as const

async function datasets(asked: Asked): Promise<Answer> {
  readParameters(asked.query, FORMS)
  const { ctx } = asked
  const all = await listCollections(ctx)
  return {
    type: JSON_TYPE,
    json: () => JSON.stringify(api.listDatasets.response.parse(all.map((one) => described(ctx, one)))),
    html: () => collectionsPage(asked, all, `${ctx.baseUrl}/opendata`),
  }
}

async function dataset(asked: Asked, slug: string): Promise<Answer> {
  readParameters(asked.query, FORMS)
  const { ctx, address, form } = asked
  const one = await getCollection(ctx, slug)
  const { links } = await describeCollection(ctx, one)
  const about = form === 'html' ? await readAbout(ctx, one) : null
  return {
    type: JSON_TYPE,
    links: [...selfAndAlternate(ctx, address, form), ...links],
    json: () => JSON.stringify(api.Dataset.parse(described(ctx, one))),
    html: () => datasetPage(asked, one, links, about),
  }
}

const described = ({ baseUrl }: Context, collection: Collection) => ({
  ...collection,
  distributions: formatsOf(collection).map(({ media_type, extension }) => ({
    format: media_type,
    href: `${baseUrl}/opendata/${collection.slug}.${extension}`,
  })),
})
