-- Stages a batch of features: geometry in EPSG:4326, two dimensions, repaired, of the layer's dimension. What cannot be is told in
-- problem: a code of refusal.ts, with its values behind separators.
-- table: staging.  batch: [{n, properties, geometry or wkb or wkt, problem}] as JSON.  crs: EPSG code of the coordinates.
-- type: Point, LineString or Polygon.  dimension: 1 points, 2 lines, 3 polygons, as ST_CollectionExtract counts.
-- OFFSET 0 keeps the planner from repeating the expensive expressions of a step in the next.
INSERT INTO :table: (n, properties, geom, is_repaired, problem)
SELECT p.n,
       p.properties,
       CASE WHEN :type::text = 'Point' THEN ST_GeometryN(p.part, 1) ELSE ST_Multi(p.part) END,
       NOT p.was_valid,
       CASE
         WHEN p.problem IS NOT NULL THEN p.problem
         WHEN p.source IS NULL OR ST_IsEmpty(p.source) THEN 'empty'
         WHEN :crs::int = 4326 AND p.is_greek_grid THEN 'greek_grid'
         WHEN :crs::int = 4326 AND p.is_astray THEN 'astray'
         WHEN :crs::int = 2100 AND p.is_degrees THEN 'degrees'
         WHEN p.is_astray OR :crs::int = 2100 AND p.is_abroad THEN concat_ws(chr(31), 'not_in_system', :crs::int)
         -- RFC 7946, 3.1.9: a shape over the 180th meridian is cut there; uncut it would be read as one around the Earth.
         WHEN ST_XMax(p.geom) - ST_XMin(p.geom) > 180 THEN 'antimeridian'
         WHEN p.part IS NULL OR ST_IsEmpty(p.part) THEN concat_ws(chr(31), 'other_shape', :type::text, GeometryType(p.source))
         WHEN :type::text = 'Point' AND ST_NumGeometries(p.part) > 1 THEN concat_ws(chr(31), 'many_points', ST_NumGeometries(p.part))
       END
  FROM (SELECT g.*,
               ST_CollectionExtract(CASE WHEN g.was_valid THEN g.geom ELSE ST_MakeValid(g.geom) END, :dimension::int) AS part
          FROM (SELECT t.*,
                       ST_IsValid(t.geom) AS was_valid,
                       NOT (ST_XMin(t.geom) >= -180 AND ST_XMax(t.geom) <= 180 AND ST_YMin(t.geom) >= -90 AND ST_YMax(t.geom) <= 90) AS is_astray,
                       -- Where Greece lies in the Greek Grid, metres: reference/gis.md 4.1.
                       ST_XMax(t.source) BETWEEN 94000 AND 1010000 AND ST_YMax(t.source) BETWEEN 3840000 AND 4630000 AS is_greek_grid,
                       -- Its area of use: Greece with its seas, degrees.
                       NOT (ST_XMin(t.geom) >= 18.5 AND ST_XMax(t.geom) <= 30.5 AND ST_YMin(t.geom) >= 33.5 AND ST_YMax(t.geom) <= 42.5) AS is_abroad,
                       ST_XMax(t.source) <= 180 AND ST_YMax(t.source) <= 90 AS is_degrees
                  FROM (SELECT s.*, ST_Transform(s.source, 4326) AS geom
                          FROM (SELECT f.n, f.properties, f.problem,
                                       ST_Force2D(ST_SetSRID(COALESCE(ST_GeomFromGeoJSON(f.geometry),
                                                                      ST_GeomFromWKB(decode(f.wkb, 'hex')),
                                                                      ST_GeomFromText(f.wkt)), :crs::int)) AS source
                                  FROM jsonb_to_recordset(:batch::jsonb) AS f (n int, properties jsonb, geometry jsonb, wkb text, wkt text, problem text)
                                OFFSET 0) AS s
                        OFFSET 0) AS t
                OFFSET 0) AS g
        OFFSET 0) AS p
