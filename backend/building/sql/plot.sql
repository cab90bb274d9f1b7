-- A plot in the Greek Grid and the zones that cut it, with what each allows; one row, or none where the point has no block.
-- ring: GeoJSON of a drawn plot, or null.  lon, lat: degrees, EPSG:4326, of a point in a block, or null.
-- staff: also layers and fields that only staff may see.  least_m2: smaller parts are edges drawn by hand, square metres.
-- A zone says what it allows by the names of its fields: coverage_pct, building_coefficient, min_plot_m2.
WITH seen AS (
  SELECT * FROM seen_layer(:staff::boolean) WHERE role IN ('planning', 'block')
),
plot AS MATERIALIZED (
  SELECT p.title, p.geom, ST_Transform(p.geom, 2100) AS grid
    FROM (SELECT NULL::jsonb AS title, ST_SetSRID(ST_GeomFromGeoJSON(:ring::text), 4326) AS geom
           WHERE :ring::text IS NOT NULL
           UNION ALL
          (SELECT CASE WHEN s.has_open_title THEN b.title END, b.geom
             FROM seen AS s
            CROSS JOIN LATERAL (
                  SELECT f.title, f.geom, f.key
                    FROM feature AS f
                   WHERE f.layer = s.slug
                     AND ST_Covers(f.geom, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326))
                  OFFSET 0
                  ) AS b
            WHERE s.role = 'block'
              AND :ring::text IS NULL
            ORDER BY ST_Area(b.geom), b.key
            LIMIT 1)) AS p
),
part AS (
  SELECT s.slug, s.position, z.id, z.title, z.properties, z.area_m2,
         CASE WHEN jsonb_typeof(z.properties->'coverage_pct') = 'number'
              THEN z.area_m2 * (z.properties->>'coverage_pct')::float8 / 100 END AS footprint_m2,
         CASE WHEN jsonb_typeof(z.properties->'building_coefficient') = 'number'
              THEN z.area_m2 * (z.properties->>'building_coefficient')::float8 END AS floor_area_m2,
         CASE WHEN jsonb_typeof(z.properties->'min_plot_m2') = 'number'
              THEN (z.properties->>'min_plot_m2')::float8 END AS min_plot_m2
    FROM seen AS s
   CROSS JOIN plot AS p
   CROSS JOIN LATERAL (
         SELECT f.id, CASE WHEN s.has_open_title THEN f.title END AS title,
                seen_properties(f.properties, s.fields) AS properties,
                ST_Area(ST_Intersection(ST_Transform(f.geom, 2100), p.grid)) AS area_m2
           FROM feature AS f
          WHERE f.layer = s.slug
            AND f.geom && p.geom
            AND ST_Intersects(f.geom, p.geom)
         OFFSET 0
         ) AS z
   WHERE s.role = 'planning'
     AND z.area_m2 >= LEAST(:least_m2::float8, ST_Area(p.grid) / 2)
),
-- Where plans lie over each other each has its own answer, and the smallest holds.
plan AS (
  SELECT sum(footprint_m2) AS footprint_m2, sum(floor_area_m2) AS floor_area_m2, sum(area_m2) AS area_m2
    FROM part
   GROUP BY slug
)
SELECT p.title,
       ST_AsGeoJSON(p.geom, 6)::jsonb AS geometry,
       ST_Area(p.grid) AS area_m2,
       ST_Perimeter(p.grid) AS perimeter_m,
       ARRAY[ST_X(c.centre), ST_Y(c.centre)] AS centre,
       ARRAY[ST_X(c.inside), ST_Y(c.inside)] AS inside,
       GREATEST(ST_XMax(p.grid) - ST_XMin(p.grid), 1) AS width_m,
       GREATEST(ST_YMax(p.grid) - ST_YMin(p.grid), 1) AS height_m,
       GREATEST(ST_Area(p.grid) - COALESCE((SELECT max(area_m2) FROM plan), 0), 0) AS unzoned_m2,
       (SELECT min(footprint_m2) FROM plan) AS footprint_m2,
       (SELECT min(floor_area_m2) FROM plan) AS floor_area_m2,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                          'id', z.id::text, 'title', z.title, 'properties', z.properties,
                          'area_m2', z.area_m2, 'share', LEAST(z.area_m2 / ST_Area(p.grid), 1),
                          'footprint_m2', z.footprint_m2, 'floor_area_m2', z.floor_area_m2, 'min_plot_m2', z.min_plot_m2,
                          'is_large_enough', ST_Area(p.grid) >= z.min_plot_m2) ORDER BY z.position, z.area_m2 DESC, z.id)
                   FROM part AS z
                   JOIN seen AS s USING (slug)), '[]') AS zones,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                          'attribution', s.attribution, 'licence', s.licence, 'updated_at', s.updated_at) ORDER BY s.position)
                   FROM seen AS s
                  WHERE s.slug IN (SELECT slug FROM part)), '[]') AS sources
  FROM plot AS p
 CROSS JOIN LATERAL (
       SELECT ST_Transform(ST_Centroid(ST_Envelope(p.grid)), 4326) AS centre, ST_PointOnSurface(p.geom) AS inside
       ) AS c
