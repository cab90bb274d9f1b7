-- Ground that two features of a layer share, the largest first. ST_Relate asks for common interior of two dimensions before
-- anything is cut: neighbours that only share a border are most of the pairs that the index finds.
-- rows: id, geom and xmin of the features that tile together.  least_m2: smaller ones are not told, square metres.  most: how many.
WITH shared AS (
  SELECT a.id AS a, b.id AS b, ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3) AS geom
    FROM :rows: AS a
    JOIN :rows: AS b ON b.geom && a.geom AND b.id > a.id AND ST_Relate(a.geom, b.geom, '2********')
), measured AS (
  SELECT *, ST_Area(geom::geography) AS area_m2, ST_Perimeter(geom::geography) AS perimeter_m FROM shared
), told AS MATERIALIZED (
  SELECT *, count(*) OVER ()::int AS total
    FROM measured
   WHERE area_m2 > :least_m2::float8
   ORDER BY area_m2 DESC, a, b
   LIMIT :most::int
)
SELECT 'overlap' AS kind,
       t.area_m2,
       2 * t.area_m2 / NULLIF(t.perimeter_m, 0) AS width_m,
       ST_AsGeoJSON(t.geom, 15)::json AS geometry,
       claimed.features,
       t.total
  FROM told AS t
 CROSS JOIN LATERAL (
       -- The two, and who else lies on the same ground: it would lose it as well.
       SELECT json_agg(json_build_object('id', f.id::text, 'version', f.xmin::text, 'border_m', NULL) ORDER BY f.id NOT IN (t.a, t.b), f.id) AS features
         FROM :rows: AS f
        WHERE f.geom && t.geom
          AND (f.id IN (t.a, t.b) OR ST_Relate(f.geom, t.geom, '2********'))) AS claimed
 ORDER BY t.area_m2 DESC, t.a, t.b
