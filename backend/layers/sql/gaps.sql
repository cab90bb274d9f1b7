-- Ground inside a layer that no feature covers, the largest first: what the outlines of all features together enclose; or, within the
-- boundary, what they leave of the municipality. Who borders on it, and on how much: edge by edge, because a node that only
-- one of two neighbours has moves the border by a hair, and then lines have nothing in common.
-- rows: id, geom and xmin of the features that tile together.  within_boundary: whether the municipality is the measure.  least_m2: smaller ones are not told.
-- near_deg: what counts as on the border, degrees.  most: how many.
WITH covered AS MATERIALIZED (
  SELECT ST_Union(f.geom) AS geom FROM :rows: AS f
), gap AS (
  -- Not the inner rings: where neighbours only touch, at two points, the ground between them is inside of none of them.
  SELECT face.geom
    FROM (SELECT ST_Polygonize(ST_UnaryUnion(ST_Boundary(geom))) AS geom FROM covered WHERE NOT :within_boundary::boolean) AS faces,
         ST_Dump(faces.geom) AS face
   WHERE NOT EXISTS (SELECT FROM :rows: AS f WHERE ST_Intersects(f.geom, ST_PointOnSurface(face.geom)))
   UNION ALL
  SELECT (ST_Dump(ST_CollectionExtract(ST_Difference(b.geom, c.geom), 3))).geom
    FROM covered AS c, (SELECT ST_Union(geom) AS geom FROM area WHERE role = 'boundary') AS b
   WHERE :within_boundary::boolean
), measured AS (
  SELECT geom, ST_Area(geom::geography) AS area_m2, ST_Perimeter(geom::geography) AS perimeter_m FROM gap
), told AS MATERIALIZED (
  SELECT *, count(*) OVER ()::int AS total
    FROM measured
   WHERE area_m2 > :least_m2::float8
   ORDER BY area_m2 DESC
   LIMIT :most::int
)
SELECT 'gap' AS kind,
       t.area_m2,
       2 * t.area_m2 / NULLIF(t.perimeter_m, 0) AS width_m,
       ST_AsGeoJSON(t.geom, 15)::json AS geometry,
       COALESCE(n.features, '[]'::json) AS features,
       t.total
  FROM told AS t
  LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('id', id::text, 'version', version, 'border_m', border_m) ORDER BY border_m DESC, id) AS features
         FROM (SELECT f.id, f.xmin::text AS version, sum(ST_Length(edge.geom::geography)) AS border_m
                 FROM :rows: AS f
                 JOIN ST_DumpSegments(t.geom) AS edge
                   ON ST_DWithin(ST_LineInterpolatePoint(edge.geom, 0.5), f.geom, :near_deg::float8)
                WHERE f.geom && ST_Expand(t.geom, :near_deg::float8)
                GROUP BY f.id, f.xmin::text) AS bordering) AS n ON true
 ORDER BY t.area_m2 DESC
