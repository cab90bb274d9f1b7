import { type Context, reading } from '../core/http/context.ts'

// A shape whose sides cross has no area, but still a length around.
const MEASURE = `
  SELECT ST_Length(line::geography) AS length_m,
         CASE WHEN ST_IsClosed(line) AND ST_NPoints(line) > 3 AND ST_IsValid(ST_MakePolygon(line))
              THEN ST_Area(ST_MakePolygon(line)::geography) END AS area_m2
    FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326) AS line) AS drawn`

/** Length and area on the ellipsoid. corners: longitude, latitude in degrees (EPSG:4326). */
export async function measure(ctx: Context, asked: { corners: [number, number][]; is_closed: boolean }) {
  const { corners, is_closed } = asked
  const line = { type: 'LineString', coordinates: is_closed ? [...corners, corners[0]] : corners }
  const { rows } = await reading(ctx, (db) => db.raw(MEASURE, [JSON.stringify(line)]))
  return rows[0]
}
