-- Ground inside a layer that no feature covers, the largest first: the holes of all features put together; or, within the
-- boundary, what they leave of the municipality. Who borders on it, and on how much: edge by edge, because a node that only
-- one of two neighbours has moves the border by a hair, and then lines have nothing in common.
-- table: identifier.  within_boundary: whether the municipality is the measure.  least_m2: smaller ones are not told.
-- near_deg: what counts as on the border, degrees.  most: how many.
WITH covered AS MATERIALIZED (
  SELECT ST_Union(geom) AS geom FROM :table:
), hole AS MATERIALIZED (
  SELECT ST_MakePolygon(ST_ExteriorRing(ring.geom)) AS geom
    FROM covered AS c, ST_Dump(c.geom) AS part, ST_DumpRings(part.geom) AS ring
   WHERE ring.path[1] > 0
     AND NOT :within_boundary::boolean
), gap AS (
  -- What stands in a hole without touching its rim is no part of the gap. Its box is inside that of the hole (@): && would look at
  -- every neighbour of it.
  SELECT (ST_Dump(COALESCE(ST_Difference(h.geom, island.geom), h.geom))).geom
    FROM hole AS h
    LEFT JOIN LATERAL (SELECT ST_Union(f.geom) AS geom
                         FROM :table: AS f
                        WHERE f.geom @ h.geom AND ST_Relate(f.geom, h.geom, '2********')) AS island ON true
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
                 FROM :table: AS f
                 JOIN ST_DumpSegments(t.geom) AS edge
                   ON ST_DWithin(ST_LineInterpolatePoint(edge.geom, 0.5), f.geom, :near_deg::float8)
                WHERE f.geom && ST_Expand(t.geom, :near_deg::float8)
                GROUP BY f.id, f.xmin::text) AS bordering) AS n ON true
 ORDER BY t.area_m2 DESC
