-- Places in the Greek Grid, metres (EPSG:2100), in their order; and the middle of their box, in both systems.
-- lons, lats: degrees, EPSG:4326, same length.
WITH place AS (
  SELECT p.n, ST_Transform(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), 2100) AS geom
    FROM unnest(:lons::float8[], :lats::float8[]) WITH ORDINALITY AS p (lon, lat, n)
),
box AS (
  SELECT ST_SetSRID(ST_Extent(geom)::geometry, 2100) AS geom FROM place
),
middle AS (
  SELECT ST_Centroid(ST_Envelope(geom)) AS geom FROM box
)
SELECT ST_X(p.geom) - ST_X(m.geom) AS east_m, ST_Y(p.geom) - ST_Y(m.geom) AS north_m,
       ST_X(ST_Transform(m.geom, 4326)) AS lon, ST_Y(ST_Transform(m.geom, 4326)) AS lat
  FROM place AS p
 CROSS JOIN middle AS m
 ORDER BY p.n
 LIMIT 500
