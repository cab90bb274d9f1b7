// The OpenAPI 3.0 document: every operation of every collection with every parameter it takes (Part 1, /req/oas30/completeness).
import type { Context } from '../../core/http/context.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import type { Collection } from '../collections.ts'
import { systems } from '../crs.ts'
import { fieldSchema } from './documents.ts'
import { GEOJSON, HTML, JSON_TYPE, MVT, OPENAPI, SCHEMA } from './links.ts'
import { DEFAULT_LIMIT, MOST_FEATURES, queryable, STANDARD } from './parameters.ts'

type Json = Record<string, unknown>

const CRS_URI = { type: 'string', format: 'uri', enum: systems.map(({ uri }) => uri), default: systems[0]?.uri }
const STRING = { type: 'string' }

const SCHEMAS: Record<(typeof STANDARD)[number], Json> = {
  f: { type: 'string', enum: ['json', 'html'] },
  lang: { type: 'string', enum: ['el', 'en'] },
  limit: { type: 'integer', minimum: 1, maximum: MOST_FEATURES, default: DEFAULT_LIMIT },
  bbox: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
  'bbox-crs': CRS_URI,
  crs: CRS_URI,
  datetime: STRING,
  filter: STRING,
  'filter-lang': { type: 'string', enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' },
  'filter-crs': CRS_URI,
  sortby: { type: 'array', minItems: 1, items: { type: 'string', pattern: '[+|-]?[A-Za-z_].*' } },
  properties: { type: 'array', items: STRING },
  skipGeometry: { type: 'boolean', default: false },
  resultType: { type: 'string', enum: ['results', 'hits'], default: 'results' },
  cursor: STRING,
}

/** What this service can be asked, in the caller's language. */
export function openApi30(ctx: Context, title: string, collections: readonly Collection[]): Json {
  const say = (key: TextKey) => text(ctx.language, key)
  const parameters = Object.fromEntries(
    STANDARD.map((name) => [name, parameter(name, say(`ogc.parameter.${name}` as TextKey), SCHEMAS[name])]),
  )
  const get = (path: string, key: TextKey, type: string, more: Json = {}): [string, Json] => [
    path,
    { get: operation(path, say(key), type, more) },
  ]
  return {
    openapi: '3.0.3',
    info: { title, version: '1.0.0', description: say('ogc.description') },
    servers: [{ url: `${ctx.baseUrl}/ogc` }],
    paths: Object.fromEntries([
      get('/', 'ogc.landing', JSON_TYPE),
      get('/conformance', 'ogc.conformance', JSON_TYPE),
      get('/api', 'ogc.api', OPENAPI),
      get('/collections', 'ogc.collections', JSON_TYPE),
      get('/tileMatrixSets', 'ogc.tile_matrix_sets', JSON_TYPE),
      get('/tileMatrixSets/WebMercatorQuad', 'ogc.tile_matrix_set', JSON_TYPE),
      ...collections.flatMap((collection) => pathsOf(ctx, collection, get)),
    ]),
    components: { parameters, schemas: { problem: PROBLEM } },
  }
}

const reference = (name: string) => ({ $ref: `#/components/parameters/${name}` })

const parameter = (name: string, description: string, schema: Json): Json => ({
  name,
  in: 'query',
  description,
  required: false,
  schema,
  style: 'form',
  explode: false,
})

type Get = (path: string, key: TextKey, type: string, more?: Json) => [string, Json]

function pathsOf(ctx: Context, collection: Collection, get: Get): [string, Json][] {
  const own = `/collections/${collection.slug}`
  const byProperty = queryable(collection).map((field) =>
    parameter(field.name, field.title[ctx.language], fieldSchema(ctx, field)),
  )
  const id = { name: 'featureId', in: 'path', required: true, schema: STRING }
  return [
    get(own, 'ogc.collection', JSON_TYPE),
    get(`${own}/items`, 'ogc.items', GEOJSON, { parameters: [...STANDARD.map(reference), ...byProperty] }),
    get(`${own}/items/{featureId}`, 'ogc.item', GEOJSON, {
      parameters: [id, reference('f'), reference('lang'), reference('crs')],
    }),
    get(`${own}/queryables`, 'ogc.queryables', SCHEMA),
    get(`${own}/sortables`, 'ogc.sortables', SCHEMA),
    get(`${own}/schema`, 'ogc.schema', SCHEMA),
    ...(collection.layer ? tilePaths(own, get) : []),
  ]
}

function tilePaths(own: string, get: Get): [string, Json][] {
  const tileset = `${own}/tiles/WebMercatorQuad`
  const inPath = ['tileMatrix', 'tileRow', 'tileCol'].map((name) => ({ name, in: 'path', required: true, schema: { type: 'integer', minimum: 0 } })) // prettier-ignore
  return [
    get(`${own}/tiles`, 'ogc.tilesets', JSON_TYPE),
    get(tileset, 'ogc.tileset', JSON_TYPE),
    get(`${tileset}/{tileMatrix}/{tileRow}/{tileCol}`, 'ogc.tile', MVT, {
      parameters: [...inPath, reference('properties')],
    }),
  ]
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: { type: STRING, title: STRING, status: { type: 'integer' }, detail: STRING },
}

function operation(path: string, summary: string, type: string, more: Json): Json {
  const failure = {
    description: 'RFC 9457',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
  }
  return {
    summary,
    operationId: `get${path.replace(/\W+(\w|$)/g, (_, letter: string) => letter.toUpperCase())}`,
    parameters: [reference('f'), reference('lang')],
    responses: {
      '200': {
        description: summary,
        content: { [type]: { schema: { type: 'object' } }, ...(type !== MVT && { [HTML]: { schema: STRING } }) },
      },
      ...(type === MVT && { '204': { description: summary } }),
      '400': failure,
      ...(path.includes('/collections/') && { '404': failure }),
      '406': failure,
      '500': failure,
    },
    ...more,
  }
}
