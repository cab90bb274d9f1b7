-- Schools of a point in a school year, by the street register and by the zones; one row.
-- lon, lat: degrees, EPSG:4326.  school_year: e.g. 2026-2027.  house_m: how far the house may be, metres.
-- staff: also layers and fields that only staff may see.
WITH here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom
),
seen AS (
  SELECT * FROM seen_layer(:staff::boolean) WHERE role IN ('school', 'school_zone')
),
claim AS MATERIALIZED (
  SELECT * FROM school_claim(:lon::float8, :lat::float8, :school_year::text, :house_m::float8, :staff::boolean)
)
SELECT (SELECT house FROM claim WHERE house->'title' <> 'null' LIMIT 1) AS address,
       (SELECT max(school_year) FROM claim) AS school_year,
       ARRAY(SELECT DISTINCT y.school_year
               FROM (SELECT school_year FROM school_rule
                      UNION ALL
                     SELECT x.properties->>'school_year'
                       FROM seen AS s
                      CROSS JOIN LATERAL (SELECT f.properties FROM feature AS f WHERE f.layer = s.slug OFFSET 0) AS x
                      WHERE s.role = 'school_zone') AS y
              WHERE y.school_year ~ '^[0-9]{4}-[0-9]{4}$'
              ORDER BY y.school_year DESC) AS school_years,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                          'id', f.id::text, 'title', CASE WHEN s.has_open_title THEN f.title END,
                          'level', COALESCE(f.properties->>'level', s.slug),
                          'level_title', COALESCE(jsonb_path_query_first(s.definitions, '$[*] \? (@.name == "level").codes')->(f.properties->>'level'), s.title),
                          'properties', seen_properties(f.properties, s.fields),
                          'point', jsonb_build_array(ST_X(f.point), ST_Y(f.point)),
                          'distance_m', round(ST_Distance(f.point::geography, h.geom::geography)::numeric, 1)::float8,
                          'by', c.by, 'decision', c.decision, 'zone', c.zone) ORDER BY f.properties->>'level', 'register' = ANY (c.by) DESC, f.key)
                   FROM (SELECT school, array_agg(DISTINCT by ORDER BY by) AS by, max(decision) AS decision, (jsonb_agg(zone) FILTER (WHERE zone IS NOT NULL))->0 AS zone
                           FROM claim
                          GROUP BY school) AS c
                  CROSS JOIN here AS h
                  CROSS JOIN seen AS s
                  CROSS JOIN LATERAL (
                        SELECT x.*, ST_PointOnSurface(x.geom) AS point FROM feature AS x WHERE x.layer = s.slug AND x.key = c.school
                         OFFSET 0) AS f
                  WHERE s.role = 'school'), '[]') AS schools
