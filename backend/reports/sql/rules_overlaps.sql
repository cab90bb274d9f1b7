-- Where two rules of one category name different people for the same ground, and no area lies inside the other: only the size of the
-- areas, their rank or their name decides. The largest first.
-- least_m2: smaller ones are the width of a line.  inside: share of the smaller area from which it counts as lying in the larger.
WITH named AS (
  SELECT DISTINCT ON (a.layer, a.slug) a.layer, a.slug, a.geom, a.area_m2
    FROM area AS a
   WHERE (a.layer, a.slug) IN (SELECT area_layer, area_slug FROM routing_rule)
   ORDER BY a.layer, a.slug
),
shared AS MATERIALIZED (
  SELECT a.layer, a.slug, b.layer AS other_layer, b.slug AS other_slug, least(a.area_m2, b.area_m2) AS smaller_m2,
         ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3) AS geom
    FROM named AS a
    JOIN named AS b ON (a.layer, a.slug) <= (b.layer, b.slug) AND a.geom && b.geom AND ST_Intersects(a.geom, b.geom)
),
overlap AS (
  SELECT s.*, ST_Area(s.geom::geography) AS area_m2
    FROM shared AS s
),
pair AS (
  SELECT r.id AS a_id, o.id AS b_id, r.category_id, v.geom, v.area_m2
    FROM overlap AS v
    JOIN routing_rule AS r ON (r.area_layer, r.area_slug) IN ((v.layer, v.slug), (v.other_layer, v.other_slug))
    JOIN routing_rule AS o ON (o.area_layer, o.area_slug) IN ((v.layer, v.slug), (v.other_layer, v.other_slug))
                          AND o.id > r.id
                          AND o.category_id IS NOT DISTINCT FROM r.category_id
                          AND (o.department_id, o.crew_id) IS DISTINCT FROM (r.department_id, r.crew_id)
                          AND COALESCE(r.valid_to, 'infinity') > COALESCE(o.valid_from, '-infinity')
                          AND COALESCE(o.valid_to, 'infinity') > COALESCE(r.valid_from, '-infinity')
   WHERE v.area_m2 > :least_m2::float8
     -- Of one area named twice, or of two, each pair once.
     AND ((v.layer, v.slug) = (v.other_layer, v.other_slug)) = ((r.area_layer, r.area_slug) = (o.area_layer, o.area_slug))
     AND CASE WHEN (r.area_layer, r.area_slug) = (o.area_layer, o.area_slug) THEN r.rank = o.rank
              ELSE v.area_m2 < v.smaller_m2 * :inside::float8 END
)
SELECT jsonb_build_array(jsonb_build_object('slug', a.slug, 'title', a.title), jsonb_build_object('slug', b.slug, 'title', b.title)) AS rules,
       round(p.area_m2)::float8 AS area_m2,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(p.geom, 0.00001), 6)::jsonb AS geometry
  FROM pair AS p
  JOIN routing_rule AS a ON a.id = p.a_id
  JOIN routing_rule AS b ON b.id = p.b_id
 ORDER BY p.area_m2 DESC, a.slug, b.slug
 LIMIT :most::int
