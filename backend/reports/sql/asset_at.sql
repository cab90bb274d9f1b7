-- Whether a thing of a public layer is at a point.
-- layer: slug.  key: of the thing.  lon, lat: degrees, EPSG:4326.  within_m: metres on the spheroid.
SELECT 1
  FROM feature AS f
  JOIN layer AS l ON l.slug = f.layer
 CROSS JOIN (SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom) AS here
 WHERE f.layer = :layer::text
   AND l.visibility = 'public'
   AND f.geom && ST_Expand(here.geom, :within_m::float8 / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01))
   AND ST_DWithin(f.geom::geography, here.geom::geography, :within_m::float8)
   AND f.key = :key::text
 LIMIT 1
