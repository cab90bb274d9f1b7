-- One area that a rule may name: its size and its shape, as a map shows it.
-- layer, slug: which.
SELECT round(a.area_m2)::float8 AS area_m2,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(a.geom, 0.00001), 6)::jsonb AS geometry
  FROM area AS a
 WHERE a.layer = :layer
   AND a.slug = :slug
 LIMIT 1
