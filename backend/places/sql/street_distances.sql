-- Distances along the streets between all of many places, metres: from the nearest crossing of the nearest street, and straight to it.
-- Pairs without a way, and places without a street near them, are left out.  Only where pgRouting is installed (3.x).
-- lons, lats: degrees, EPSG:4326, same length.  street_m: how far the nearest street may be, metres.
-- beyond_deg: how far around the places a way may lead, degrees.
WITH place AS (
  SELECT p.n, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) AS geom
    FROM unnest(:lons::float8[], :lats::float8[]) WITH ORDINALITY AS p (lon, lat, n)
),
placed AS MATERIALIZED (
  SELECT p.n, e.crossing, e.off_m
    FROM place AS p
   CROSS JOIN LATERAL (
         SELECT CASE WHEN f.first_m <= f.last_m THEN f.source ELSE f.target END AS crossing,
                LEAST(f.first_m, f.last_m) AS off_m, f.street_m
           FROM (SELECT w.source, w.target,
                        ST_Distance(ST_StartPoint(w.geom)::geography, p.geom::geography) AS first_m,
                        ST_Distance(ST_EndPoint(w.geom)::geography, p.geom::geography) AS last_m,
                        ST_Distance(w.geom::geography, p.geom::geography) AS street_m
                   FROM walk_edge AS w
                  ORDER BY w.geom <-> p.geom
                  LIMIT 1) AS f
         ) AS e
   WHERE e.street_m <= :street_m::float8
),
asked AS (
  SELECT format('SELECT id, source, target, length_m AS cost FROM walk_edge WHERE geom && %L::geometry',
                (SELECT ST_Expand(ST_Extent(geom)::geometry, :beyond_deg::float8) FROM place)) AS edges,
         array_agg(DISTINCT crossing) AS crossings
    FROM placed
  HAVING count(DISTINCT crossing) > 1
),
way AS MATERIALIZED (
  SELECT w.start_vid, w.end_vid, w.agg_cost
    FROM asked AS a
   CROSS JOIN LATERAL pgr_dijkstraCostMatrix(a.edges, a.crossings, directed => false) AS w
)
SELECT a.n::int AS n, array_agg(b.n::int ORDER BY b.n) AS ends,
       array_agg(w.agg_cost + a.off_m + b.off_m ORDER BY b.n) AS metres
  FROM way AS w
  JOIN placed AS a ON a.crossing = w.start_vid
  JOIN placed AS b ON b.crossing = w.end_vid
 GROUP BY a.n
 ORDER BY a.n
 LIMIT 2000
