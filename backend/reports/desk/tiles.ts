// The reports of the desk's list on its map, however many they are: tiles, in which those that lie together are a number.
import { sql } from '../../core/db/sql.ts'
import { BUFFER, encodeMvt, EXTENT, inTile, type InTile, type TileAddress } from '../../core/geo/tile.ts'
import type { Context } from '../../core/http/context.ts'
import { filter, type ListQuery } from '../lists.ts'
import { actorOf } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { SINGLY_FROM_ZOOM } from './contract.ts'

const MOST = 10_000

interface Row {
  geom: InTile
  [property: string]: unknown
}

/**
 * The tile, or an empty buffer. Layer `point`: reports (report_id, status, colour), or many as one (point_count); layer `shape`:
 * their lines and areas.
 */
export async function reportTile(ctx: Context, address: TileAddress, query: Omit<ListQuery, 'limit' | 'sort'>) {
  const { z, x, y } = address
  const found = (column: 'geom' | 'shape') => {
    const chosen = ctx
      .db('report as r')
      .select('r.id', `r.${column}`)
      .whereRaw(visibleToStaff(ctx.db, actorOf(ctx)))
    const margin = BUFFER / EXTENT
    chosen.whereRaw(`r.?? && ST_Transform(ST_TileEnvelope(?, ?, ?, margin => ?::float8), 4326)`, [column, z, x, y, margin]) // prettier-ignore
    return filter(chosen, ctx.db, { limit: MOST, ...query })
  }
  const given = { ...address, most: MOST, singly: SINGLY_FROM_ZOOM, in_tile: ctx.db.raw(inTile('ST_Transform(f.shape, 3857)')) } // prettier-ignore
  const [points, shapes] = await Promise.all([
    sql<Row>(ctx.db, 'reports/map_points', { ...given, found: found('geom') }),
    sql<Row>(ctx.db, 'reports/map_shapes', { ...given, found: found('shape') }),
  ])
  const features = (rows: Row[]) => rows.map(({ geom, ...properties }) => ({ geojson: geom, properties }))
  return encodeMvt({ point: features(points), shape: features(shapes) }).tile
}
