// The views that routing and search read, rewritten whenever the catalogue changes. Identifiers come from the catalogue, quoted by the driver.
import type { Db } from '../core/db/connect.ts'
import { hasOwnArea, indexForSearch, indexForTiles, tableOf } from './ddl.ts'
import type { LayerDefinition } from './contract.ts'
import { literal, type Searched, searchedIn } from './searchable.ts'
import { isDated, validOn } from './validity.ts'

type Row = Pick<LayerDefinition, 'slug' | 'role' | 'geometry_type' | 'key_field' | 'title_fields' | 'fields'>

/** Asked for as areas, or only drawn. */
const NO_FEATURES = new Set(['boundary', 'municipal_unit', 'district', 'crew_area', 'basemap'])

/** Polygon layers that can hold a report. Blocks and land are many and say little to a rule, but blocks are told. */
const AREA_ROLES = new Set(['boundary', 'municipal_unit', 'district', 'school_zone', 'block', 'crew_area', 'planning'])

interface Part {
  text: string
  names: string[]
}

/** {el, en} of a feature: one language stands in for the other, the key for both. */
export function titleOf({ key_field, title_fields }: Pick<Row, 'key_field' | 'title_fields'>): Part {
  const key = key_field ? [key_field] : []
  const el = title_fields ? [title_fields.el, title_fields.en, ...key] : key
  const en = title_fields ? [title_fields.en, title_fields.el, ...key] : key
  if (el.length === 0) return { text: 'NULL::jsonb', names: [] }
  const first = (names: string[]) => `COALESCE(${names.map(() => '??::text').join(', ')})`
  return {
    text: `CASE WHEN ${first(el)} IS NOT NULL THEN jsonb_build_object('el', ${first(el)}, 'en', ${first(en)}) END`,
    names: [...el, ...el, ...en],
  }
}

// A query of its own, so that the day is found once and not for each row.
const TODAYS = ` WHERE ${validOn('(SELECT asked_day())')}`

/** What is not valid on the day that is asked about is in no view. */
const valid = ({ fields }: Row): string => (isDated(fields) ? TODAYS : '')

const keyOf = ({ key_field }: Row): Part =>
  key_field ? { text: 'COALESCE(??::text, id::text)', names: [key_field] } : { text: 'id::text', names: [] }

function areaPart(row: Row): Part {
  const title = titleOf(row)
  const key = keyOf(row)
  const area = hasOwnArea(row) ? 'area_m2' : 'ST_Area(geom::geography)'
  return {
    text: `SELECT ${literal(row.role)} AS role, ${literal(row.slug)} AS layer, ${key.text} AS slug, ${title.text} AS title,
                  ${area} AS area_m2, geom FROM ??${valid(row)}`,
    names: [...key.names, ...title.names, tableOf(row.slug)],
  }
}

function addressPart(row: Row): Part {
  const title = titleOf(row)
  return {
    text: `SELECT ${literal(row.slug)} AS layer, id, ${title.text} AS title, geom FROM ??${valid(row)}`,
    names: [...title.names, tableOf(row.slug)],
  }
}

/** {field: value} of a feature. Named one by one, because to_jsonb() of the whole row would write out its geometries too. */
export function propertiesOf({ fields }: Pick<Row, 'fields'>): Part {
  const names = fields.map(({ name }) => name)
  return {
    text: names.length > 0 ? `(SELECT to_jsonb(p) FROM (SELECT ${names.map(() => '??')}) AS p)` : `'{}'::jsonb`,
    names,
  }
}

// With all fields: which of them leave is asked of the catalogue by who reads it.
function featurePart(row: Row): Part {
  const title = titleOf(row)
  const key = keyOf(row)
  const properties = propertiesOf(row)
  return {
    text: `SELECT ${literal(row.slug)} AS layer, id, ${key.text} AS key, ${title.text} AS title,
                  ${properties.text} AS properties, geom::geometry AS geom FROM ??${valid(row)}`,
    names: [...key.names, ...title.names, ...properties.names, tableOf(row.slug)],
  }
}

// Slug and field only: what they are and who may see them is asked of the catalogue with every search, so that closing counts at once.
function searchablePart(row: Row, { field, isTitle, text, names }: Searched): Part {
  const title = titleOf(row)
  return {
    text: `SELECT ${literal(row.slug)} AS layer, ${literal(field)} AS field, ${isTitle} AS is_title, id,
                  COALESCE(${title.text}, jsonb_build_object('el', ${text}, 'en', ${text})) AS title,
                  search_key(${text}) AS key, geom::geometry AS geom FROM ??${valid(row)}`,
    names: [...title.names, ...names, ...names, ...names, tableOf(row.slug)],
  }
}

const EMPTY = {
  area: `SELECT ''::text AS role, ''::text AS layer, ''::text AS slug, NULL::jsonb AS title, 0::float8 AS area_m2, NULL::geometry(MultiPolygon, 4326) AS geom WHERE false`,
  address: `SELECT ''::text AS layer, 0::bigint AS id, NULL::jsonb AS title, NULL::geometry(Point, 4326) AS geom WHERE false`,
  feature: `SELECT ''::text AS layer, 0::bigint AS id, ''::text AS key, NULL::jsonb AS title, '{}'::jsonb AS properties, NULL::geometry AS geom WHERE false`,
  searchable: `SELECT ''::text AS layer, ''::text AS field, false AS is_title, 0::bigint AS id, NULL::jsonb AS title, ''::text AS key, NULL::geometry AS geom WHERE false`,
}

const COMMENT = {
  area: 'Features of all polygon layers that can hold a report; area_m2 in square metres',
  address: 'Features of the layers with role address',
  feature:
    'Features of all layers but administrative areas and what is only drawn, with all their fields; the catalogue must be asked who may see layer and fields',
  searchable:
    'Searched texts of features, one row a feature and field, key is search_key() of the text; the catalogue must be asked who may see layer and field',
}

async function replaceView(trx: Db, name: keyof typeof EMPTY, parts: Part[]): Promise<void> {
  const body = parts.length > 0 ? parts.map(({ text }) => text).join('\nUNION ALL\n') : EMPTY[name]
  await trx.raw(`DROP VIEW IF EXISTS ${name}`)
  await trx.raw(
    `CREATE VIEW ${name} AS ${body}`,
    parts.flatMap(({ names }) => names),
  )
  await trx.raw(`COMMENT ON VIEW ${name} IS '${COMMENT[name]}'`)
}

/** Imports and changes of the views go one after the other; held until the transaction ends. */
export async function lockCatalogue(trx: Db): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('asty.layer'))`)
}

/** Rewrites area, address, feature and searchable from the catalogue, in the caller's transaction. */
export async function rebuildViews(trx: Db): Promise<void> {
  await lockCatalogue(trx)
  const rows = await catalogue(trx)
  const areas = rows.filter((r) => r.geometry_type === 'Polygon' && AREA_ROLES.has(r.role))
  const addresses = rows.filter((r) => r.geometry_type === 'Point' && r.role === 'address')
  await replaceView(trx, 'area', areas.map(areaPart))
  await replaceView(trx, 'address', addresses.map(addressPart))
  await replaceView(trx, 'feature', rows.filter(({ role }) => !NO_FEATURES.has(role)).map(featurePart))
  const searchable = rows.flatMap((row) => searchedIn(row).map((searched) => searchablePart(row, searched)))
  await replaceView(trx, 'searchable', searchable)
}

/** Brings views and indexes to what this version of the program makes; for databases that an older one filled. */
export async function renewViews(db: Db): Promise<void> {
  await db.transaction(async (trx) => {
    await lockCatalogue(trx)
    for (const row of await catalogue(trx)) {
      await indexForSearch(trx, row)
      await indexForTiles(trx, row)
    }
    await rebuildViews(trx)
  })
}

const catalogue = (trx: Db): Promise<Row[]> =>
  trx('layer').select('slug', 'role', 'geometry_type', 'key_field', 'title_fields', 'fields').orderBy('position')
