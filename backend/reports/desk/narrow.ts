// Filters of the inbox that say where, and by when.
import type { Knex } from 'knex'
import type { z } from 'zod'
import { sqlText } from '../../core/db/sql.ts'
import type { Db } from '../../core/db/connect.ts'
import { Corners } from '../../places/contract.ts'
import type { StaffListQuery } from './contract.ts'

type Where = Partial<Pick<z.output<typeof StaffListQuery>, 'within' | 'street' | 'near_m' | 'due_in_h'>>

/** What is meant by near a street when nobody says it: across it and its pavements. */
const NEAR_M = 30

/** Narrows a query on report r. */
export function narrow(query: Knex.QueryBuilder, db: Db, { within, street, near_m, due_in_h }: Where): void {
  if (within)
    query.whereRaw(
      touching(db, db.raw('ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326))', [polygonOf(within)])),
    )
  if (street) query.whereRaw(db.raw(sqlText('reports/near_street'), { street, near_m: near_m ?? NEAR_M } as never))
  if (due_in_h)
    query.whereRaw('r.closed_at IS NULL AND r.due_at BETWEEN now() AND now() + make_interval(hours => ?::int)', [due_in_h]) // prettier-ignore
}

/** Condition on report r: its point, or any of its line or area, is in a geometry (EPSG:4326). */
export const touching = (db: Db, geom: Knex.Raw): Knex.Raw =>
  db.raw('(ST_Intersects(r.geom, :geom) OR (r.shape IS NOT NULL AND ST_Intersects(r.shape, :geom)))', { geom } as never)

function polygonOf(within: string): string {
  const corners = Corners.parse(within)
  return JSON.stringify({ type: 'Polygon', coordinates: [[...corners, corners[0]]] })
}
