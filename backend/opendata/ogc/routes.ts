// OGC API - Features (17-069r4, 18-058r1, 19-079r2) over every collection that is published.
import type { Router } from 'express'
import type { Endpoint } from '../../core/contract.ts'
import { served } from '../../core/http/serve.ts'
import { text } from '../../core/i18n/text.ts'
import { getCollection, listCollections } from '../collections.ts'
import { systems } from '../crs.ts'
import { openApi30 } from './api.ts'
import * as contract from './contract.ts'
import { editRoutes } from './edit.ts'
import { conformsTo, describeCollection, describeFields, landing, type SchemaKind } from './documents.ts'
import { datasetPage, readAbout } from './datasetpage.ts'
import { collectionsPage, layout, linkList, plainPage } from './html.ts'
import { item, items } from './items.ts'
import { at, GEOJSON, JSON_TYPE, OPENAPI, SCHEMA, selfAndAlternate } from './links.ts'
import type { Answer, Asked } from './negotiate.ts'
import { readParameters } from './parameters.ts'
import { type Params, serveDocument, type Verb } from './serve.ts'
import { sendOgcTile, tileMatrixSet, tileMatrixSets, tileset, tilesets } from './tiles.ts'

/** Parameters of documents about the data. */
const ABOUT = ['f', 'lang'] as const

export function ogcRoutes(router: Router): void {
  editRoutes(router)
  const get = (endpoint: Endpoint, types: readonly string[], verb: Verb) => serveDocument(router, endpoint, types, verb)
  get(contract.getLanding, [JSON_TYPE], landingAnswer)
  get(contract.getConformance, [JSON_TYPE], conformance)
  get(contract.getApi, [OPENAPI], api)
  get(contract.listCollections, [JSON_TYPE], collections)
  get(contract.getCollection, [JSON_TYPE], collection)
  for (const kind of ['queryables', 'sortables', 'schema'] as const)
    get(contract[kind], [SCHEMA], (asked, params) => fields(asked, params, kind))
  get(contract.listItems, [GEOJSON], (asked, params) => items(asked, params['collection'] ?? ''))
  get(contract.listTileMatrixSets, [JSON_TYPE], matrixSets)
  get(contract.getTileMatrixSet, [JSON_TYPE], matrixSet)
  get(contract.listTilesets, [JSON_TYPE], tilesetList)
  get(contract.getTileset, [JSON_TYPE], tilesetAbout)
  served.push({ endpoint: contract.getTile, may: 'anyone' })
  router.get(contract.getTile.path.replace(/\{(\w+)\}/g, ':$1'), async (request, response) => {
    response.set('Access-Control-Allow-Origin', '*')
    readParameters(request.query as Record<string, unknown>, ['properties'])
    await sendOgcTile(response.locals['context'], request, response)
  })
  get(contract.getItem, [GEOJSON], (asked, params) => item(asked, params['collection'] ?? '', params['id'] ?? ''))
}

const json = (document: unknown, type = JSON_TYPE) => ({ type, json: () => JSON.stringify(document) })

async function landingAnswer(asked: Asked): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const links = selfAndAlternate(asked.ctx, asked.address, asked.form)
  const document = await landing(asked.ctx, links)
  return {
    ...json(document),
    links: document.links,
    html: () =>
      layout(asked, document.title, [], [{ text: `<p>${document.description}</p>` }, linkList(document.links)]),
  }
}

async function conformance(asked: Asked): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const document = { conformsTo, links: selfAndAlternate(asked.ctx, asked.address, asked.form) }
  const title = text(asked.ctx.language, 'ogc.conformance')
  return { ...json(document), links: document.links, html: () => plainPage(asked, title, [], conformsTo) }
}

async function api(asked: Asked): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const title = text(asked.ctx.language, 'ogc.api')
  const document = openApi30(asked.ctx, title, await listCollections(asked.ctx))
  return { ...json(document, OPENAPI), html: () => plainPage(asked, title, [], document) }
}

async function collections(asked: Asked): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx, address, form } = asked
  const all = await listCollections(ctx)
  const links = selfAndAlternate(ctx, address, form)
  const document = {
    links,
    crs: systems.map(({ uri }) => uri),
    numberMatched: all.length,
    numberReturned: all.length,
    collections: await Promise.all(
      all.map(async (one) => {
        const { links: own, ...rest } = await describeCollection(ctx, one)
        return { ...rest, links: [{ href: at(ctx, `/collections/${one.slug}`), rel: 'self', type: JSON_TYPE }, ...own] }
      }),
    ),
  }
  return { ...json(document), links, html: () => collectionsPage(asked, all, at(ctx, '/collections')) }
}

async function collection(asked: Asked, params: Params): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx, address, form } = asked
  const one = await getCollection(ctx, params['collection'] ?? '')
  const { links: own, ...rest } = await describeCollection(ctx, one)
  const links = [...selfAndAlternate(ctx, address, form), ...own]
  const about = form === 'html' ? await readAbout(ctx, one) : null
  return { ...json({ ...rest, links }), links, html: () => datasetPage(asked, one, links, about) }
}

async function fields(asked: Asked, params: Params, kind: SchemaKind): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx } = asked
  const one = await getCollection(ctx, params['collection'] ?? '')
  const document = describeFields(ctx, one, kind)
  const crumbs = [
    [text(ctx.language, 'ogc.collections'), '/collections'],
    [one.title[ctx.language], `/collections/${one.slug}`],
  ] as const
  return {
    ...json(document, SCHEMA),
    html: () => plainPage(asked, text(ctx.language, `ogc.${kind}`), crumbs, document),
  }
}

async function matrixSets(asked: Asked): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx, address, form } = asked
  const document = tileMatrixSets(ctx, selfAndAlternate(ctx, address, form))
  const title = text(ctx.language, 'ogc.tile_matrix_sets')
  return { ...json(document), links: document.links, html: () => plainPage(asked, title, [], document) }
}

async function matrixSet(asked: Asked, params: Params): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const document = tileMatrixSet(params['tileMatrixSet'] ?? '')
  const links = selfAndAlternate(asked.ctx, asked.address, asked.form)
  return { ...json(document), links, html: () => plainPage(asked, document.title, [], document) }
}

async function tilesetList(asked: Asked, params: Params): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx, address, form } = asked
  const document = await tilesets(ctx, params['collection'] ?? '', selfAndAlternate(ctx, address, form))
  const title = text(ctx.language, 'ogc.tilesets')
  return { ...json(document), links: document.links, html: () => plainPage(asked, title, [], document) }
}

async function tilesetAbout(asked: Asked, params: Params): Promise<Answer> {
  readParameters(asked.query, ABOUT)
  const { ctx, address, form } = asked
  const [collection = '', id = ''] = [params['collection'], params['tileMatrixSet']]
  const document = await tileset(ctx, collection, id, selfAndAlternate(ctx, address, form))
  return { ...json(document), links: document.links, html: () => plainPage(asked, document.title, [], document) }
}
