-- Features of one layer at a point or close to it, nearest first. The columns come from the catalogue.
-- lon, lat: degrees, EPSG:4326.  radius_m: metres.
SELECT f.id::text AS id,
       to_jsonb(f) - 'geom' - 'geom_3857' AS properties,
       round(ST_Distance(f.geom::geography, here.geom::geography)::numeric, 1)::float8 AS distance_m
  FROM (SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom) AS here
  JOIN :table: AS f
    ON f.geom && ST_Expand(here.geom, :radius_m::float8 / 80000)
   AND ST_DWithin(f.geom::geography, here.geom::geography, :radius_m::float8)
 ORDER BY distance_m, f.id
 LIMIT 5
