// Vector tiles. The server encodes them in the database. PGlite lists ST_AsMVT but was built without protobuf ("Compiled
// without protobuf-c support", 0.5.8), so there Node encodes the same rows.
import type { Db } from '../core/db/connect.ts'
import { BUFFER, type Encoded, encodeMvt, EXTENT, inTile, type InTile, type TileAddress } from '../core/geo/tile.ts'
import { type Context, reading } from '../core/http/context.ts'
import type { FieldDefinition, Layer } from './contract.ts'
import { tableOf } from './ddl.ts'
import { validOn } from './validity.ts'

/** More than this is drawn as mush and downloaded as a burden. */
const MOST_FEATURES = 10_000
const MOST_BYTES = 500_000

/** SQL of a property in the tile: MVT knows neither days nor times (RFC 3339, in UTC whatever the session's zone). */
const COLUMN: Partial<Record<FieldDefinition['type'], string>> = {
  date: 'f.??::text',
  timestamp: `to_char(f.?? AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  integer: 'f.??::float8',
}

/** Fields a tile can carry: what is nested stays out. */
const tileFields = (layer: Layer) => layer.fields.filter(({ type }) => type !== 'json')

interface Asked {
  layer: Layer
  address: TileAddress
  /** Null: of every day. */
  day: string | null
  /** Features. */
  most: number
}

/**
 * The encoded tile, or an empty buffer. Only fields that the given layer lists are in it. Of too many features it has those that
 * matter most, so that it is no larger than half a megabyte; a single one may be. `day`: only what is valid then; null: all.
 */
export async function encodeTile(
  ctx: Context,
  layer: Layer,
  address: TileAddress,
  day: string | null,
): Promise<Buffer> {
  const encode = ctx.engine === 'server' ? encodeInDatabase : encodeInNode
  const upTo = (most: number) => reading(ctx, (db) => encode(db, { layer, address, day, most }))
  let { tile, count } = await upTo(MOST_FEATURES)
  while (tile.length > MOST_BYTES && count > 1) {
    // A little less than the share that would fit: features differ.
    ;({ tile, count } = await upTo(Math.max(1, Math.floor((count * MOST_BYTES * 0.9) / tile.length))))
  }
  return tile
}

/** Whether any feature comes near the tile, be it too small to be drawn there. */
export async function touchesTile(ctx: Context, { slug }: Layer, { z, x, y }: TileAddress): Promise<boolean> {
  const { rows } = await reading(ctx, async (db) =>
    db.raw(
      `SELECT EXISTS (SELECT FROM ?? AS f WHERE f.geom_3857 && ST_TileEnvelope(?, ?, ?, margin => ${BUFFER / EXTENT}::float8)) AS found`,
      [tableOf(slug), z, x, y],
    ),
  )
  return rows[0].found
}

// Ids follow the Hilbert curve, so the first of them would be one corner of the city: a hash thins points evenly (ddl.ts has its
// index). Of lines and areas the largest are seen, by half the girth of their boxes, metres of the projection.
const GIRTH = '((ST_XMax(f.geom_3857) - ST_XMin(f.geom_3857)) + (ST_YMax(f.geom_3857) - ST_YMin(f.geom_3857))) DESC'
/** SQL of an order over f: first what is drawn where not everything can be. */
export const MATTERS: Record<Layer['geometry_type'], string> = {
  Point: 'hashint8(f.id)',
  LineString: GIRTH,
  Polygon: GIRTH,
}

/** SQL of fields of f as the properties of a tile, and the names that it binds. */
export const columnsOf = (fields: readonly FieldDefinition[]): { text: string; names: string[] } => ({
  text: fields.map(({ type }) => `${COLUMN[type] ?? 'f.??'} AS ??`).join(', '),
  names: fields.flatMap(({ name }) => [name, name]),
})

const rowsOf = ({ layer: { geometry_type }, day }: Asked) => `FROM ?? AS f, ST_TileEnvelope(?, ?, ?) AS envelope
       WHERE f.geom_3857 && ST_TileEnvelope(?, ?, ?, margin => ${BUFFER / EXTENT}::float8)${day ? ` AND ${validOn('?::date', 'f.')}` : ''}
       ORDER BY ${MATTERS[geometry_type]}, f.id
       LIMIT ?::int`

function bindings(asked: Asked) {
  const { layer, address: { z, x, y }, day, most } = asked // prettier-ignore
  const { text, names } = columnsOf(tileFields(layer))
  return {
    columns: text && `, ${text}`,
    rows: rowsOf(asked),
    values: [...names, tableOf(layer.slug), z, x, y, z, x, y, ...(day ? [day, day] : []), most],
  }
}

async function encodeInDatabase(db: Db, asked: Asked): Promise<Encoded> {
  const { columns, rows: source, values } = bindings(asked)
  const { rows } = await db.raw(
    `SELECT ST_AsMVT(t, ?, ${EXTENT}, 'geom', 'id') AS tile, count(*)::int AS count
       FROM (SELECT f.id, ST_AsMVTGeom(f.geom_3857, envelope, ${EXTENT}, ${BUFFER}) AS geom${columns} ${source}) AS t
      WHERE geom IS NOT NULL`,
    [asked.layer.slug, ...values],
  )
  return rows[0]
}

interface TileRow {
  id: string
  geom: InTile | null
  [property: string]: unknown
}

async function encodeInNode(db: Db, asked: Asked): Promise<Encoded> {
  const { layer } = asked
  const { columns, rows: source, values } = bindings(asked)
  const { rows } = await db.raw(`SELECT f.id, ${inTile('f.geom_3857')} AS geom${columns} ${source}`, values)
  const features = (rows as TileRow[]).map(({ id, geom, ...row }) => ({
    id: Number(id),
    geojson: geom,
    properties: Object.fromEntries(tileFields(layer).map(({ name }) => [name, row[name]])),
  }))
  return encodeMvt({ [layer.slug]: features })
}
