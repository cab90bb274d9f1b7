-- What is wrong with answers that only the database can tell: code of the question and reason.
-- drawn: [{code, shape}] with shapes as GeoJSON, WGS 84.  chosen: [{code, layer, key}].
-- longest_m: metres along a line or around an area.  largest_m2: square metres.
WITH drawn AS (
  SELECT d->>'code' AS code, ST_SetSRID(ST_GeomFromGeoJSON(d->'shape'), 4326) AS geom
    FROM jsonb_array_elements(:drawn::jsonb) AS d
),
judged AS (
  SELECT code,
         CASE
           WHEN NOT ST_IsValid(geom) THEN 'answer.broken'
           WHEN ST_Length(geom::geography) + ST_Perimeter(geom::geography) > :longest_m::float8 OR ST_Area(geom::geography) > :largest_m2::float8
             THEN 'answer.too_large'
           WHEN NOT EXISTS (SELECT FROM area AS a WHERE a.role = 'boundary' AND a.geom && drawn.geom AND ST_Intersects(a.geom, drawn.geom))
             THEN 'answer.outside'
         END AS fault
    FROM drawn
   UNION ALL
  SELECT c->>'code', 'answer.not_there'
    FROM jsonb_array_elements(:chosen::jsonb) AS c
   WHERE NOT EXISTS (SELECT
                       FROM feature AS f
                       JOIN layer AS l ON l.slug = f.layer AND l.visibility = 'public'
                      WHERE f.layer = c->>'layer'
                        AND f.key = c->>'key')
)
SELECT code, fault
  FROM judged
 WHERE fault IS NOT NULL
 ORDER BY code
