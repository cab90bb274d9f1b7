// Documents about the data: landing page, conformance, collections, their schemas.
import type { Context } from '../../core/http/context.ts'
import { text } from '../../core/i18n/text.ts'
import type { FieldDefinition } from '../../layers/contract.ts'
import { cityTitle } from '../../places/service.ts'
import type { Collection } from '../collections.ts'
import { CRS84, systems } from '../crs.ts'
import { firstMoment } from '../features.ts'
import { at, GEOJSON, HTML, JSON_TYPE, type Link, link, OGC_REL, OPENAPI, SCHEMA } from './links.ts'
import { queryable } from './parameters.ts'

const FEATURES = 'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf'
const FILTERING = 'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf'
const EDITING = 'http://www.opengis.net/spec/ogcapi-features-4/1.0/conf'
const TILES = 'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf'
const CQL2 = 'http://www.opengis.net/spec/cql2/1.0/conf'

/** Conformance classes; for each there are tests named after its requirements. */
export const conformsTo = [
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections',
  ...['core', 'oas30', 'html', 'geojson'].map((name) => `${FEATURES}/${name}`),
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  ...['create-replace-delete', 'update', 'optimistic-locking-etags'].map((name) => `${EDITING}/${name}`),
  ...['filter', 'features-filter', 'queryables', 'queryables-query-parameters'].map((name) => `${FILTERING}/${name}`),
  ...['core', 'tileset', 'tilesets-list', 'geodata-tilesets', 'mvt', 'oas30'].map((name) => `${TILES}/${name}`),
  ...['tilematrixset', 'json-tilematrixset'].map((name) => `http://www.opengis.net/spec/tms/2.0/conf/${name}`),
  ...[
    'cql2-text',
    'cql2-json',
    'basic-cql2',
    'advanced-comparison-operators',
    'case-insensitive-comparison',
    'accent-insensitive-comparison',
    'basic-spatial-functions',
    'basic-spatial-functions-plus',
    'spatial-functions',
    'temporal-functions',
    'property-property',
    'arithmetic',
  ].map((name) => `${CQL2}/${name}`),
]

/** What this service is, and where everything else is. */
export async function landing(ctx: Context, links: readonly Link[]) {
  const city = await cityTitle(ctx)
  return {
    title: text(ctx.language, 'ogc.title', { city: city[ctx.language] }),
    description: text(ctx.language, 'ogc.description'),
    attribution: city[ctx.language],
    links: [
      ...links,
      link(ctx, 'service-desc', at(ctx, '/api'), OPENAPI, 'ogc.api'),
      link(ctx, 'service-doc', at(ctx, '/api?f=html'), HTML, 'ogc.api'),
      link(ctx, 'conformance', at(ctx, '/conformance'), JSON_TYPE, 'ogc.conformance'),
      link(ctx, 'data', at(ctx, '/collections'), JSON_TYPE, 'ogc.collections'),
      link(ctx, 'data', at(ctx, '/collections?f=html'), HTML, 'ogc.collections'),
      link(ctx, `${OGC_REL}/tiling-schemes`, at(ctx, '/tileMatrixSets'), JSON_TYPE, 'ogc.tile_matrix_sets'),
    ],
  }
}

/** A collection as the list and its own address describe it. Extent: degrees, CRS84. */
export async function describeCollection(ctx: Context, collection: Collection) {
  const since = await firstMoment(ctx, collection)
  const { slug, title, description, attribution, licence, bbox, time, updated_at } = collection
  const own = `/collections/${slug}`
  return {
    id: slug,
    title: title[ctx.language],
    description: description[ctx.language],
    ...(attribution[ctx.language] && { attribution: attribution[ctx.language] }),
    itemType: 'feature',
    updated: updated_at,
    extent: {
      spatial: { bbox: [bbox ?? [-180, -90, 180, 90]], crs: CRS84.uri },
      ...(time && { temporal: { interval: [[since, null]] } }),
    },
    crs: systems.map(({ uri }) => uri),
    storageCrs: CRS84.uri,
    links: [
      link(ctx, 'items', at(ctx, `${own}/items`), GEOJSON, 'ogc.items'),
      link(ctx, 'items', at(ctx, `${own}/items?f=html`), HTML, 'ogc.items'),
      link(ctx, `${OGC_REL}/queryables`, at(ctx, `${own}/queryables`), SCHEMA, 'ogc.queryables'),
      link(ctx, `${OGC_REL}/sortables`, at(ctx, `${own}/sortables`), SCHEMA, 'ogc.sortables'),
      link(ctx, `${OGC_REL}/schema`, at(ctx, `${own}/schema`), SCHEMA, 'ogc.schema'),
      ...(collection.layer ? tileLinks(ctx, slug) : []),
      link(ctx, 'license', `https://spdx.org/licenses/${licence}.html`, HTML, 'ogc.licence'),
      link(ctx, 'monitor', `${ctx.baseUrl}/opendata/${slug}/changes`, GEOJSON, 'ogc.changes'),
      link(ctx, 'enclosure', `${ctx.baseUrl}/opendata/${slug}.geojson`, GEOJSON, 'ogc.download'),
    ],
  }
}

const tileLinks = (ctx: Context, slug: string): Link[] => [
  link(ctx, `${OGC_REL}/tilesets-vector`, at(ctx, `/collections/${slug}/tiles`), JSON_TYPE, 'ogc.tilesets'),
  link(
    ctx,
    `${OGC_REL}/styles`,
    `${ctx.baseUrl}/styles/${slug}.json`,
    'application/vnd.mapbox.style+json',
    'ogc.style',
  ),
]

const TYPE: Record<FieldDefinition['type'], object> = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  timestamp: { type: 'string', format: 'date-time' },
  json: {},
}
const SHAPE = {
  Point: 'geometry-point',
  LineString: 'geometry-multilinestring',
  Polygon: 'geometry-multipolygon',
} as const

/** JSON Schema of one field, with the meaning of its codes. */
export const fieldSchema = (ctx: Context, { type, title, unit, codes }: FieldDefinition) => ({
  title: title[ctx.language],
  ...TYPE[type],
  ...(unit && { 'x-ogc-unit': unit }),
  ...(codes && {
    oneOf: Object.entries(codes).map(([code, meaning]) => ({
      const: type === 'text' ? code : Number(code),
      title: meaning[ctx.language],
    })),
  }),
})

export type SchemaKind = 'queryables' | 'sortables' | 'schema'

/** What can be asked for in filters (Part 3, 6.2), what pages can be sorted by, or what features hold (Part 5). */
export function describeFields(ctx: Context, collection: Collection, kind: SchemaKind) {
  const fields = kind === 'schema' ? collection.fields : queryable(collection)
  const id = { title: 'id', type: collection.id_type === 'bigint' ? 'integer' : 'string' }
  const geometry = { title: text(ctx.language, 'ogc.geometry'), format: SHAPE[collection.geometry_type] }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: at(ctx, `/collections/${collection.slug}/${kind}`),
    type: 'object',
    title: collection.title[ctx.language],
    description: collection.description[ctx.language],
    properties: {
      ...(kind !== 'sortables' && {
        id: { ...id, ...(kind === 'schema' && { 'x-ogc-role': 'id', readOnly: true }) },
        geometry: { ...geometry, ...(kind === 'schema' && { 'x-ogc-role': 'primary-geometry' }) },
      }),
      ...Object.fromEntries(fields.map((field) => [field.name, fieldSchema(ctx, field)])),
    },
    additionalProperties: false,
  }
}
