-- Where reports lie around their middle, for a map on paper.
-- ids: of the reports.  x_m, y_m: metres east and north of the middle in the Greek Grid (EPSG:2100); lon, lat: the middle, degrees
-- (EPSG:4326); width_m, height_m: what all of them take.
WITH point AS (
  SELECT r.id, ST_Transform(ST_Centroid(r.geom), 2100) AS geom
    FROM report AS r
   WHERE r.id = ANY (:ids::uuid[])
),
box AS MATERIALIZED (
  SELECT (min(ST_X(geom)) + max(ST_X(geom))) / 2 AS x, (min(ST_Y(geom)) + max(ST_Y(geom))) / 2 AS y,
         max(ST_X(geom)) - min(ST_X(geom)) AS width_m, max(ST_Y(geom)) - min(ST_Y(geom)) AS height_m
    FROM point
),
middle AS MATERIALIZED (
  SELECT ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 2100), 4326) AS geom
    FROM box
)
SELECT p.id, ST_X(p.geom) - b.x AS x_m, ST_Y(p.geom) - b.y AS y_m, ST_X(m.geom) AS lon, ST_Y(m.geom) AS lat, b.width_m, b.height_m
  FROM point AS p
 CROSS JOIN box AS b
 CROSS JOIN middle AS m
