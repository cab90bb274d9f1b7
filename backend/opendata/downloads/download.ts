// A whole collection, or what filters leave of it, page by page: never the whole of it in memory, no long transaction.
import type { Language } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { badParameter } from '../../core/http/problem.ts'
import type { FieldDefinition, Layer } from '../../layers/contract.ts'
import type { TileAddress } from '../../core/geo/tile.ts'
import { encodeTile, tileJson, touchesTile } from '../../layers/service.ts'
import type { Collection } from '../collections.ts'
import { CRS84 } from '../crs.ts'
import { type FeatureQuery, parsedFeatures, readPage } from '../features.ts'
import type { Format } from '../formats.ts'
import { computed } from '../ogc/items.ts'
import { readItemsQuery, readParameters, STANDARD } from '../ogc/parameters.ts'
import type { Geometry } from './geometry.ts'

const FIRST_FEATURES = 1000
const MOST_FEATURES = 5000
/** Characters of a page. Measured on points: five times the work of a page at once take a fifth less time; more gains nothing. */
const PAGE_LENGTH = 600_000

export interface Feature {
  /** Whole numbers come as texts, here and below. */
  id: string
  geometry: Geometry | null
  properties: Record<string, unknown>
}

/** A column of a table; the id comes first. */
export type Column = Pick<FieldDefinition, 'name' | 'type' | 'title'>

/** Tiles of a layer, and what a map must know to draw them. */
export interface Tiles {
  layer: Layer
  metadata: object
  encode: (tile: TileAddress) => Promise<Buffer>
  touches: (tile: TileAddress) => Promise<boolean>
  signal: AbortSignal
}

export interface Download {
  collection: Collection
  language: Language
  query: FeatureQuery
  csv: { hasMark: boolean; geometry: 'wkt' | 'lonlat' | 'none' }
  columns: readonly Column[]
  /** GeoJSON features with commas between them, and never none. */
  texts: () => AsyncGenerator<string>
  pages: () => AsyncGenerator<Feature[]>
  /** Null: it has none. */
  tiles: Tiles | null
  /** Well-known text of the coordinate reference system. */
  definition: () => Promise<string>
}

/** Writes one format. Its first piece comes when the first page is known to be good. */
export type Writer = (download: Download) => AsyncGenerator<string | Uint8Array>

/** What is asked for, in any filter and system of the API; reading ends with the signal. Throws bad-parameter. */
export function readDownload(
  ctx: Context,
  collection: Collection,
  { extension, isTiled }: Format,
  asked: Record<string, unknown>,
  signal: AbortSignal,
): Download {
  if (isTiled) readParameters(asked, [])
  const { csv, rest } = extension === 'csv' ? readCsv(collection, asked) : { csv: CSV_DEFAULT, rest: asked }
  const isGeoJson = extension === 'geojson' || extension === 'geojsonl'
  refuse(rest, isGeoJson ? PAGING : [...PAGING, 'skipGeometry'])
  const query = readItemsQuery(collection, rest, FIRST_FEATURES)
  // KML is WGS 84 by definition (OGC 12-007r2, 6.1).
  if (extension === 'kml' && query.crs.uri !== CRS84.uri)
    throw badParameter('crs', 'parameter.one_of', { known: CRS84.uri })
  // GeoJSON follows the authority as the API does; tables and files of GIS have the east first, whatever the authority says.
  if (!isGeoJson) Object.assign(query, { crs: { ...query.crs, isNorthFirst: false }, isExact: true })
  const read = () => readPages(ctx, collection, query, signal)
  return {
    collection,
    language: ctx.language,
    query,
    csv,
    columns: [{ name: 'id', type: collection.id_type === 'bigint' ? 'integer' : 'text', title: { el: 'id', en: 'id' } }, ...query.fields],
    texts: () => texts(read()),
    pages: () => parsed(read()),
    tiles: collection.layer && tilesOf(ctx, collection.layer, signal),
    definition: () => definitionOf(ctx, query.crs.srid),
  } // prettier-ignore
}

function tilesOf(ctx: Context, layer: Layer, signal: AbortSignal): Tiles {
  const { vector_layers, description, attribution, version } = tileJson(ctx, layer)
  return {
    layer,
    metadata: { vector_layers, description, attribution, version, type: 'overlay' },
    encode: (tile) => encodeTile(ctx, layer, tile, null),
    touches: (tile) => touchesTile(ctx, layer, tile),
    signal,
  }
}

/** A download is no page of a list. */
const PAGING = ['f', 'lang', 'limit', 'cursor', 'resultType']

function refuse(asked: Record<string, unknown>, names: readonly string[]): void {
  const wrong = names.find((name) => name in asked)
  const known = STANDARD.filter((name) => !names.includes(name)).join(', ')
  if (wrong) throw badParameter(wrong, 'parameter.unknown', { known })
}

const CSV_DEFAULT = { hasMark: false, geometry: 'wkt' } as const

function readCsv({ geometry_type }: Collection, { bom, geometry, ...rest }: Record<string, unknown>) {
  // Lines and areas have no one place.
  const shapes = geometry_type === 'Point' ? (['lonlat', 'wkt', 'none'] as const) : (['wkt', 'none'] as const)
  const csv = {
    hasMark: choice('bom', bom, ['false', 'true'] as const) === 'true',
    geometry: choice('geometry', geometry, shapes),
  }
  return { csv, rest }
}

function choice<T extends string>(name: string, value: unknown, known: readonly [T, ...T[]]): T {
  const found = value === undefined ? known[0] : known.find((one) => one === value)
  if (!found) throw badParameter(name, 'parameter.one_of', { known: known.join(', ') })
  return found
}

async function* readPages(
  ctx: Context,
  collection: Collection,
  query: FeatureQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const read = (after: FeatureQuery['after'], size: number) => {
    signal.throwIfAborted()
    const page = computed(() => readPage(ctx, collection, { ...query, after, size }))
    // Whoever takes it meets its error; nobody does if the caller hangs up before.
    page.catch(() => undefined)
    return page
  }
  // One page ahead: the database works while this one is written.
  for (let coming = read(query.after, query.size); ;) {
    const { features, count, next } = await coming
    if (next !== null) coming = read(next, sizeAfter(features, count))
    yield features
    if (next === null) return
  }
}

/** Features of the next page, from those of the last: points come by thousands, municipalities one by one. */
function sizeAfter(features: readonly string[], count: number): number {
  const length = features.reduce((sum, piece) => sum + piece.length, 0)
  return Math.max(1, Math.min(MOST_FEATURES, Math.round((count * PAGE_LENGTH) / length)))
}

async function* texts(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<string> {
  for await (const page of pages) yield* page
}

async function* parsed(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<Feature[]> {
  for await (const page of pages) yield parsedFeatures(page)
}

async function definitionOf({ db }: Context, srid: number): Promise<string> {
  const row = await db('spatial_ref_sys').where({ srid }).first('srtext')
  return row.srtext
}
