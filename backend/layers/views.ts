// The views that routing and search read, rewritten whenever the catalogue changes. Identifiers come from the catalogue, quoted by the driver.
import type { Db } from '../core/db/connect.ts'
import { tableOf } from './ddl.ts'
import type { LayerDefinition } from './contract.ts'

type Row = Pick<LayerDefinition, 'slug' | 'role' | 'visibility' | 'geometry_type' | 'key_field' | 'title_fields'>

/** Polygon layers that can hold a report. Blocks and land are many and say little to a rule, but blocks are told. */
const AREA_ROLES = new Set(['boundary', 'municipal_unit', 'district', 'school_zone', 'block', 'crew_area', 'planning'])

interface Part {
  text: string
  names: string[]
}

function titleOf({ key_field, title_fields }: Row): Part {
  if (title_fields) {
    return {
      text: `CASE WHEN COALESCE(??, ??) IS NOT NULL THEN jsonb_build_object('el', COALESCE(??, ??), 'en', COALESCE(??, ??)) END`,
      names: [title_fields.el, title_fields.en, title_fields.el, title_fields.en, title_fields.en, title_fields.el],
    }
  }
  if (key_field) return { text: `jsonb_build_object('el', ??::text, 'en', ??::text)`, names: [key_field, key_field] }
  return { text: 'NULL::jsonb', names: [] }
}

// Slug, role and visibility are data: they go in as quoted literals because a view takes no parameters.
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'::text`

function areaPart(row: Row): Part {
  const title = titleOf(row)
  const key: Part = row.key_field
    ? { text: 'COALESCE(??::text, id::text)', names: [row.key_field] }
    : { text: 'id::text', names: [] }
  return {
    text: `SELECT ${quoted(row.role)} AS role, ${quoted(row.slug)} AS layer, ${key.text} AS slug, ${title.text} AS title,
                  area_m2, geom FROM ??`,
    names: [...key.names, ...title.names, tableOf(row.slug)],
  }
}

function addressPart(row: Row): Part {
  const title = titleOf(row)
  return {
    text: `SELECT ${quoted(row.slug)} AS layer, id, ${title.text} AS title, geom FROM ??`,
    names: [...title.names, tableOf(row.slug)],
  }
}

function searchablePart(row: Row): Part {
  const title = titleOf(row)
  const name = row.title_fields?.el ?? ''
  return {
    text: `SELECT ${quoted(row.role)} AS role, ${quoted(row.slug)} AS layer, ${quoted(row.visibility)} AS visibility, id,
                  ${title.text} AS title, latin_key(??::text) AS key, geom::geometry AS geom FROM ??`,
    names: [...title.names, name, tableOf(row.slug)],
  }
}

const EMPTY = {
  area: `SELECT ''::text AS role, ''::text AS layer, ''::text AS slug, NULL::jsonb AS title, 0::float8 AS area_m2, NULL::geometry(MultiPolygon, 4326) AS geom WHERE false`,
  address: `SELECT ''::text AS layer, 0::bigint AS id, NULL::jsonb AS title, NULL::geometry(Point, 4326) AS geom WHERE false`,
  searchable: `SELECT ''::text AS role, ''::text AS layer, ''::text AS visibility, 0::bigint AS id, NULL::jsonb AS title, ''::text AS key, NULL::geometry AS geom WHERE false`,
}

async function replaceView(trx: Db, name: keyof typeof EMPTY, parts: Part[]): Promise<void> {
  const body = parts.length > 0 ? parts.map(({ text }) => text).join('\nUNION ALL\n') : EMPTY[name]
  await trx.raw(`DROP VIEW ${name}`)
  await trx.raw(
    `CREATE VIEW ${name} AS ${body}`,
    parts.flatMap(({ names }) => names),
  )
}

/** Rewrites area, address and searchable from the catalogue, in the caller's transaction. */
export async function rebuildViews(trx: Db): Promise<void> {
  const rows: Row[] = await trx('layer')
    .select('slug', 'role', 'visibility', 'geometry_type', 'key_field', 'title_fields')
    .orderBy('position')
  await replaceView(
    trx,
    'area',
    rows.filter((r) => r.geometry_type === 'Polygon' && AREA_ROLES.has(r.role)).map(areaPart),
  )
  await replaceView(
    trx,
    'address',
    rows.filter((r) => r.geometry_type === 'Point' && r.role === 'address').map(addressPart),
  )
  await replaceView(trx, 'searchable', rows.filter((r) => r.title_fields && r.role !== 'basemap').map(searchablePart))
}
