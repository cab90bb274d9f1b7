-- Where in the municipality no rule decides, so that only the central desk is left; categories with the same holes are told together.
-- least_m2: smaller ones are the width of a line.
WITH RECURSIVE path AS (
  SELECT c.id AS leaf_id, c.id, c.parent_id, c.department_id
    FROM category AS c
    JOIN category AS g ON g.id = c.parent_id AND g.retired_at IS NULL
   WHERE c.retired_at IS NULL
   UNION ALL
  SELECT p.leaf_id, c.id, c.parent_id, c.department_id
    FROM path AS p
    JOIN category AS c ON c.id = p.parent_id
),
-- Areas of the rules that count for a category; none at all where something decides everywhere.
covered AS (
  SELECT p.leaf_id,
         jsonb_agg(DISTINCT jsonb_build_array(r.area_layer, r.area_slug)) FILTER (WHERE r.area_layer IS NOT NULL) AS areas,
         bool_or(p.department_id IS NOT NULL OR (r.id IS NOT NULL AND r.area_layer IS NULL)) AS is_everywhere
    FROM path AS p
    LEFT JOIN routing_rule AS r
      ON (r.category_id = p.id OR r.category_id IS NULL)
     AND (r.valid_from IS NULL OR r.valid_from <= now())
     AND (r.valid_to IS NULL OR now() < r.valid_to)
   GROUP BY p.leaf_id
),
alike AS (
  SELECT row_number() OVER () AS n, v.areas,
         jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title) ORDER BY c.rank, c.id) AS categories
    FROM covered AS v
    JOIN category AS c ON c.id = v.leaf_id
   WHERE NOT v.is_everywhere
   GROUP BY v.areas
),
named AS (
  SELECT k.n, ST_UnaryUnion(ST_Collect(a.geom)) AS geom
    FROM alike AS k
    CROSS JOIN LATERAL jsonb_array_elements(k.areas) AS e (area)
    JOIN area AS a ON a.layer = e.area->>0 AND a.slug = e.area->>1
   GROUP BY k.n
),
hole AS (
  SELECT k.n, k.categories,
         ST_CollectionExtract(CASE WHEN d.geom IS NULL THEN b.geom ELSE ST_Difference(b.geom, d.geom) END, 3) AS geom
    FROM alike AS k
   CROSS JOIN (SELECT ST_UnaryUnion(ST_Collect(geom)) AS geom FROM area WHERE role = 'boundary') AS b
    LEFT JOIN named AS d USING (n)
)
SELECT categories,
       round(area_m2)::float8 AS area_m2,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00001), 6)::jsonb AS geometry
  FROM hole
 CROSS JOIN LATERAL (SELECT ST_Area(hole.geom::geography) AS area_m2) AS m
 WHERE area_m2 > :least_m2::float8
 ORDER BY area_m2 DESC, categories
 LIMIT :most::int
