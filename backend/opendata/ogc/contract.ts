import { z } from 'zod'
import { endpoint, Geometry, Nothing } from '../../core/contract.ts'

const Document = z
  .looseObject({})
  .describe('As the standard describes it; the OpenAPI 3.0 document at /ogc/api says all')
const collection = z.string().describe('Id of the collection: slug of a public layer, or reports')

const about = (path: string, summary: string, produces?: string) =>
  endpoint(`GET /ogc${path}`, { summary, response: Document, ...(produces && { produces }) })

const inside = (path: string, summary: string, produces?: string) =>
  endpoint(`GET /ogc/collections/{collection}${path}`, {
    summary,
    params: z.object({ collection }),
    response: Document,
    ...(produces && { produces }),
  })

const SCHEMA = 'application/schema+json'
const GEOJSON = 'application/geo+json'

export const getLanding = about('', 'OGC API - Features: landing page')
export const getConformance = about('/conformance', 'OGC API - Features: conformance classes')
export const getApi = about(
  '/api',
  'OGC API - Features: OpenAPI 3.0 document',
  'application/vnd.oai.openapi+json;version=3.0',
)
export const listCollections = about('/collections', 'OGC API - Features: collections')
export const getCollection = inside('', 'OGC API - Features: one collection')
export const queryables = inside('/queryables', 'OGC API - Features: what filters can ask for', SCHEMA)
export const sortables = inside('/sortables', 'OGC API - Features: what pages can be sorted by', SCHEMA)
export const schema = inside('/schema', 'OGC API - Features: what features hold', SCHEMA)

export const listItems = endpoint('GET /ogc/collections/{collection}/items', {
  summary: 'OGC API - Features: features of a collection',
  params: z.object({ collection }),
  query: z.looseObject({
    limit: z.string().optional().describe('Features in a page, 1 to 10000'),
    bbox: z.string().optional().describe('West, south, east, north; degrees, WGS 84, unless bbox-crs says otherwise'),
    datetime: z.string().optional().describe('Moment or interval, RFC 3339'),
    filter: z.string().optional().describe('CQL2'),
    crs: z.string().optional().describe('URI of the coordinate reference system of the answer'),
    sortby: z.string().optional().describe('Names of properties with commas between; - in front: descending'),
  }),
  produces: GEOJSON,
  response: Document,
})

export const getItem = endpoint('GET /ogc/collections/{collection}/items/{id}', {
  summary: 'OGC API - Features: one feature',
  params: z.object({ collection, id: z.string().describe('Id of the feature') }),
  produces: GEOJSON,
  response: Document,
})

const item = z.object({ collection, id: z.string().max(40).describe('Id of the feature') })

/** A feature as somebody sends it. */
export const FeatureBody = z
  .looseObject({
    type: z.literal('Feature').optional().describe('GeoJSON type'),
    geometry: Geometry.nullish().describe('In WGS 84, unless the header Content-Crs says otherwise'),
    properties: z.record(z.string(), z.unknown()).nullish().describe('Values by field'),
  })
  .meta({ id: 'FeatureBody' })
export type FeatureBody = z.output<typeof FeatureBody>

const IF_MATCH = { 'If-Match': 'ETag of the feature as the caller has seen it' }

export const createItem = endpoint('POST /ogc/collections/{collection}/items', {
  summary: 'OGC API - Features Part 4: add a feature',
  params: z.object({ collection }),
  body: FeatureBody,
  response: z.object({ id: z.string().describe('Id of the new feature') }),
  status: 201,
})
export const replaceItem = endpoint('PUT /ogc/collections/{collection}/items/{id}', {
  summary: 'OGC API - Features Part 4: give a feature other values, all of them',
  params: item,
  headers: IF_MATCH,
  body: FeatureBody,
  response: Nothing,
  status: 204,
})
export const updateItem = endpoint('PATCH /ogc/collections/{collection}/items/{id}', {
  summary: 'OGC API - Features Part 4: change some values of a feature (RFC 7396)',
  params: item,
  headers: IF_MATCH,
  body: FeatureBody,
  response: Nothing,
  status: 204,
})
export const deleteItem = endpoint('DELETE /ogc/collections/{collection}/items/{id}', {
  summary: 'OGC API - Features Part 4: delete a feature',
  params: item,
  headers: IF_MATCH,
  response: Nothing,
  status: 204,
})

const tileMatrixSet = z.string().describe('Id of the tile matrix set: WebMercatorQuad')

export const listTileMatrixSets = about('/tileMatrixSets', 'OGC API - Tiles: tile matrix sets')
export const getTileMatrixSet = endpoint('GET /ogc/tileMatrixSets/{tileMatrixSet}', {
  summary: 'OGC API - Tiles: a tile matrix set',
  params: z.object({ tileMatrixSet }),
  response: Document,
})
export const listTilesets = inside('/tiles', 'OGC API - Tiles: tilesets of a collection')
export const getTileset = endpoint('GET /ogc/collections/{collection}/tiles/{tileMatrixSet}', {
  summary: 'OGC API - Tiles: what is in a tileset',
  params: z.object({ collection, tileMatrixSet }),
  response: Document,
})
export const getTile = endpoint(
  'GET /ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}',
  {
    summary: 'OGC API - Tiles: a tile; 204 where there is nothing',
    params: z.object({
      collection,
      tileMatrixSet,
      tileMatrix: z.string().describe('Zoom'),
      tileRow: z.string().describe('Row, from the north'),
      tileCol: z.string().describe('Column, from the west'),
    }),
    query: z.looseObject({
      properties: z.string().optional().describe('Only these properties, with commas between them'),
    }),
    produces: 'application/vnd.mapbox-vector-tile',
    response: z.string().describe('The encoded tile'),
  },
)
