// Features of a collection as GeoJSON, written by the database, in the order of a unique key.
import type { Knex } from 'knex'
import type { Db } from '../core/db/connect.ts'
import { type Context, reading } from '../core/http/context.ts'
import type { FieldDefinition } from '../layers/contract.ts'
import type { Collection } from './collections.ts'
import { CRS84, type Crs } from './crs.ts'

/** A piece of SQL with ? for its values; `f` is the collection. */
export interface Fragment {
  text: string
  values: readonly Knex.Value[]
}

export interface SortKey {
  field: string
  isDescending: boolean
}

export interface FeatureQuery {
  /** All of them must hold. */
  where: readonly Fragment[]
  /** The id comes last by itself. */
  sort: readonly SortKey[]
  /** Values of the sort keys and the id of the feature to go on after, as text; null in it: the feature had no value. */
  after: readonly (string | null)[] | null
  size: number
  crs: Crs
  fields: readonly FieldDefinition[]
  hasGeometry: boolean
  /** Ids and whole numbers as texts: JavaScript would round what is beyond 2^53. */
  isExact?: boolean
}

export interface Page {
  /** GeoJSON features in pieces: commas are between the features of a piece, and belong between the pieces. */
  features: readonly string[]
  count: number
  /** Where the next page goes on; null on the last. */
  next: (string | null)[] | null
}

/** Everything there is, in the order of the keys. */
export const everything = (collection: Collection, size: number): FeatureQuery => ({
  where: [],
  sort: [],
  after: null,
  size,
  crs: CRS84,
  fields: collection.fields,
  hasGeometry: true,
})

/** One page. Columns are named one by one: what is not public is not even read. */
export async function readPage(
  ctx: Context,
  collection: Collection,
  query: FeatureQuery,
  { text, values } = pageStatement(collection, query),
): Promise<Page> {
  const { rows }: { rows: Piece[] } = await reading(ctx, async (db) => db.raw(text, [...values]))
  const found = rows.reduce((sum, piece) => sum + piece.found, 0)
  return {
    features: rows.flatMap(({ features }) => features ?? []),
    count: Math.min(found, query.size),
    next: found > query.size ? (rows.find(({ last }) => last)?.last ?? null) : null,
  }
}

/** What stands between two features, and between two pieces. */
export const BETWEEN = ',\n'

/** Features of a page, as JSON.parse() reads them. */
export const parsedFeatures = <T>(features: readonly string[]): T[] => JSON.parse(`[${features.join(BETWEEN)}]`)

interface Piece {
  /** Null: it holds nothing but the feature that tells of a next page. */
  features: string | null
  found: number
  last: (string | null)[] | null
}

/** Features in a piece of a page. */
export const PIECE_FEATURES = 100

/** Version of the row of one feature; null where the collection is a view. */
export async function rowVersion(ctx: Context, { layer, relation }: Collection, id: string): Promise<string | null> {
  if (!layer) return null
  const row = await reading(ctx, async (db) => db(relation).where({ id }).first(db.raw('xmin::text AS version')))
  return row?.version ?? null
}

/** How many features the conditions leave. */
export async function countFeatures(ctx: Context, collection: Collection, where: readonly Fragment[]): Promise<number> {
  if (where.length === 0) return collection.feature_count
  const condition = allOf(where)
  const { rows } = await reading(ctx, async (db: Db) =>
    db.raw(`SELECT count(*)::int AS count FROM ?? AS f WHERE ${condition.text}`, [
      collection.relation,
      ...condition.values,
    ]),
  )
  return rows[0].count
}

/** By database and slug: version and moment. */
const moments = new WeakMap<Db, Map<string, { version: string; first: string | null }>>()

/** First moment that any feature tells of, RFC 3339; null: none does. Read once a version. */
export async function firstMoment(ctx: Context, { slug, version, relation, time }: Collection): Promise<string | null> {
  if (!time) return null
  const known = moments.get(ctx.db) ?? new Map<string, { version: string; first: string | null }>()
  moments.set(ctx.db, known)
  const found = known.get(slug)
  if (found?.version === version) return found.first
  const { rows } = await reading(ctx, async (db) =>
    db.raw(`SELECT to_char(min(??)::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS first FROM ??`, [
      time.start.name,
      relation,
    ]),
  )
  known.set(slug, { version, first: rows[0].first })
  return rows[0].first
}

const join = (parts: readonly Fragment[], separator: string): Fragment => ({
  text: parts.map(({ text }) => text).join(separator),
  values: parts.flatMap(({ values }) => values),
})

const allOf = (parts: readonly Fragment[]): Fragment =>
  parts.length === 0 ? { text: 'true', values: [] } : join(parts, ' AND ')

/**
 * The statement of a page. One row more than asked for tells whether there is a next page. A page comes in pieces: of 1,000 points
 * 1.7 times the rate of one text, because memory beyond 128 kB is taken from the system and given back for each text, by
 * PostgreSQL and by V8; a row a feature costs more again. They are in order before they are joined: ordering within the
 * aggregate sorts every piece once more. Keys are written for the last one only: for each, a quarter slower.
 */
export function pageStatement(collection: Collection, query: FeatureQuery): Fragment {
  const keys = query.sort.map(({ field }) => field)
  const feature = featureText(collection, query)
  const where = allOf([...query.where, ...(query.after ? [afterwards(collection, query.sort, query.after)] : [])])
  const order = query.sort.map(({ isDescending }) => `f.?? ${isDescending ? 'DESC' : 'ASC'} NULLS LAST, `).join('')
  return {
    text: `SELECT string_agg(feature, E',\\n') FILTER (WHERE n <= ?::int) AS features, count(*)::int AS found,
                  (array_agg(json_build_array(${keys.map((_, n) => `key${n}::text, `).join('')}id::text)) FILTER (WHERE n = ?::int))[1] AS last
             FROM (SELECT (n - 1) / ${PIECE_FEATURES} AS piece, page.*
                     FROM (SELECT row_number() OVER () AS n, sorted.*
                             FROM (SELECT ${feature.text} AS feature, ${keys.map((_, n) => `f.?? AS key${n}, `).join('')}f.id
                                     FROM ?? AS f
                                    WHERE ${where.text}
                                    ORDER BY ${order}f.id
                                    LIMIT ?::int) AS sorted) AS page
                    ORDER BY piece, n) AS pieces
            GROUP BY piece
            ORDER BY piece`,
    values: [
      ...[query.size, query.size],
      ...feature.values,
      ...keys,
      collection.relation,
      ...where.values,
      ...keys,
      query.size + 1,
    ],
  }
}

/** SQL of one feature as GeoJSON text. */
function featureText(collection: Collection, { crs, fields, hasGeometry, isExact }: FeatureQuery): Fragment {
  const id = collection.id_type === 'bigint' && !isExact ? 'f.id' : `'"' || f.id || '"'`
  const columnOf = ({ type }: FieldDefinition) => (isExact ? `f.??${type === 'integer' ? '::text' : ''} AS ??` : 'f.??')
  const geometry = hasGeometry ? geometryText(collection, crs) : `'null'`
  const properties =
    fields.length === 0 ? `'{}'` : `(SELECT row_to_json(p)::text FROM (SELECT ${fields.map(columnOf).join(', ')}) AS p)`
  return {
    text: `'{"type":"Feature","id":' || ${id} || ',"geometry":' || ${geometry} || ',"properties":' || ${properties} || '}'`,
    values: isExact ? fields.flatMap(({ name }) => [name, name]) : fields.map(({ name }) => name),
  }
}

function geometryText({ geometry_type }: Collection, { srid, isNorthFirst, decimals }: Crs): string {
  // RFC 7946 3.1.6: exterior ring counter-clockwise. Before the axes change places, which turns rings round.
  const wound = geometry_type === 'Polygon' ? 'ST_ForcePolygonCCW(f.geom)' : 'f.geom'
  const transformed = srid === CRS84.srid ? wound : `ST_Transform(${wound}, ${srid})`
  return `ST_AsGeoJSON(${isNorthFirst ? `ST_FlipCoordinates(${transformed})` : transformed}, ${decimals}, 0)`
}

/** What comes after a feature in the order of sort keys and id; empty values come last either way. */
function afterwards({ id_type }: Collection, sort: readonly SortKey[], after: readonly (string | null)[]): Fragment {
  const id: Fragment = { text: `f.id > ?::${id_type}`, values: [after[sort.length] ?? null] }
  const text = sort.reduceRight<Fragment>((rest, { field, isDescending }, index) => {
    const value = after[index] ?? null
    // Compared as what the column is: an unknown literal takes its type.
    if (value === null) return { text: `(f.?? IS NULL AND ${rest.text})`, values: [field, ...rest.values] }
    const beyond = `f.?? ${isDescending ? '<' : '>'} ? OR f.?? IS NULL`
    return {
      text: `(${beyond} OR (f.?? = ? AND ${rest.text}))`,
      values: [field, value, field, field, value, ...rest.values],
    }
  }, id)
  return text
}
