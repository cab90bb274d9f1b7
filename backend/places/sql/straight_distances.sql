-- Straight distances between all of many places, metres in the Greek Grid, in the order of the places.
-- lons, lats: degrees, EPSG:4326, same length.
WITH place AS MATERIALIZED (
  SELECT p.n, ST_Transform(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), 2100) AS geom
    FROM unnest(:lons::float8[], :lats::float8[]) WITH ORDINALITY AS p (lon, lat, n)
)
SELECT a.n::int AS n, array_agg(ST_Distance(a.geom, b.geom) ORDER BY b.n) AS metres
  FROM place AS a
 CROSS JOIN place AS b
 GROUP BY a.n
 ORDER BY a.n
 LIMIT 2000
