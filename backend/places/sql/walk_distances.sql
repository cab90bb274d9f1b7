-- Metres on foot from the first point to each of the others, along the streets and straight to the nearest of them at both ends.
-- A point without a street near it, or without a way, has no row.  Only where pgRouting is installed (3.x).
-- lons, lats: degrees, EPSG:4326, same length.  street_m: how far the nearest street may be, metres.
-- beyond_deg: how far around the points a way may lead, degrees.
WITH stop AS (
  SELECT s.n, ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326) AS geom
    FROM unnest(:lons::float8[], :lats::float8[]) WITH ORDINALITY AS s (lon, lat, n)
),
placed AS MATERIALIZED (
  SELECT s.n, e.id AS edge_id, e.off_m,
         -- pgRouting takes what lies between the ends only.
         LEAST(GREATEST(ST_LineLocatePoint(e.geom, s.geom), 1e-6), 1 - 1e-6) AS fraction
    FROM stop AS s
   CROSS JOIN LATERAL (
         SELECT w.id, w.geom, ST_Distance(w.geom::geography, s.geom::geography) AS off_m
           FROM walk_edge AS w
          ORDER BY w.geom <-> s.geom
          LIMIT 1
         ) AS e
   WHERE e.off_m <= :street_m::float8
),
asked AS (
  SELECT format('SELECT id, source, target, length_m AS cost FROM walk_edge WHERE geom && %L::geometry',
                (SELECT ST_Expand(ST_Extent(geom)::geometry, :beyond_deg::float8) FROM stop)) AS edges,
         format('SELECT * FROM (VALUES %s) AS p (pid, edge_id, fraction)',
                string_agg(format('(%s::bigint, %s::bigint, %s::float8)', n, edge_id, fraction), ', ')) AS points,
         array_agg(-n) FILTER (WHERE n > 1) AS ends
    FROM placed
  HAVING bool_or(n = 1)
     AND bool_or(n > 1)
)
SELECT p.n::int AS n, round((w.agg_cost + p.off_m + home.off_m)::numeric)::int AS walk_m
  FROM asked AS a
 CROSS JOIN LATERAL pgr_withPointsCost(a.edges, a.points, -1, a.ends, directed => false) AS w
  JOIN placed AS p ON p.n = -w.end_pid
  JOIN placed AS home ON home.n = 1
