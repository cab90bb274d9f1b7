// What may be built on a plot: everything is computed in PostGIS, areas in the Greek Grid (EPSG:2100).
import { sql } from '../core/db/sql.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Plot, PlotQuery } from './contract.ts'

/** Who draws on a phone misses the edge of a zone by this much, square metres. */
const LEAST_M2 = 1
/** Ten hectares: larger than any plot, and not more work than a page is worth; square metres. */
const MOST_M2 = 100_000
/** PostGIS refuses a crossed outline with an error of its own; we ask first. */
const CHECK = `SELECT ST_IsValid(geom) AS is_valid, ST_Area(geom::geography) AS area_m2
                 FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326) AS geom) AS drawn`

/** The plot with the size of its frame, metres, and a point in it, degrees. */
export type MeasuredPlot = Plot & { width_m: number; height_m: number; inside: [number, number] }

/** Measures a drawn plot, or the block at a point. Throws wrong-plot, plot-too-large, no-block. */
export async function measurePlot(ctx: Context, { ring, lon, lat }: PlotQuery): Promise<MeasuredPlot> {
  const drawn = ring ? JSON.stringify({ type: 'Polygon', coordinates: [[...ring, ring[0]]] }) : null
  if (drawn) await demandPlot(ctx, drawn)
  else if (lon === undefined || lat === undefined) throw problem('wrong-plot', { path: 'ring' })
  const [row] = await reading(ctx, (db) =>
    sql<MeasuredPlot>(db, 'building/plot', {
      ring: drawn,
      lon: lon ?? null,
      lat: lat ?? null,
      staff: may(ctx.actor, 'staff.read'),
      least_m2: LEAST_M2,
    }),
  )
  if (!row) throw problem('no-block')
  return row
}

async function demandPlot(ctx: Context, drawn: string): Promise<void> {
  const { rows } = await reading(ctx, (db) => db.raw(CHECK, [drawn]))
  const [{ is_valid, area_m2 }] = rows
  if (!is_valid || area_m2 < LEAST_M2) throw problem('wrong-plot', { path: 'ring' })
  if (area_m2 > MOST_M2) throw problem('plot-too-large', { path: 'ring', values: { most: MOST_M2 / 10_000 } })
}
