-- Rules that would give a report to somebody else if it lay a little further, nearest first.
-- id: of the report.  near_m: metres.
WITH RECURSIVE path AS (
  SELECT c.id, c.parent_id
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   WHERE r.id = :id::uuid
   UNION ALL
  SELECT c.id, c.parent_id
    FROM path AS p
    JOIN category AS c ON c.id = p.parent_id
)
SELECT DISTINCT ON (distance_m, d.slug, w.slug)
       jsonb_build_object('slug', a.slug, 'title', COALESCE(a.title, jsonb_build_object('el', a.slug, 'en', a.slug))) AS area,
       jsonb_build_object('slug', d.slug, 'title', d.title) AS department,
       CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END AS crew,
       distance_m
  FROM report AS r
  JOIN area AS a
    ON a.geom && ST_Expand(r.geom, :near_m::float8 / (110000 * cos(radians(ST_Y(r.geom)))), :near_m::float8 / 110000)
 CROSS JOIN LATERAL (SELECT round(ST_Distance(a.geom::geography, r.geom::geography)::numeric, 1)::float8 AS distance_m) AS m
  JOIN routing_rule AS u
    ON u.area_layer = a.layer
   AND u.area_slug = a.slug
   AND (u.category_id IS NULL OR u.category_id IN (SELECT id FROM path))
   AND (u.valid_from IS NULL OR u.valid_from <= now())
   AND (u.valid_to IS NULL OR now() < u.valid_to)
   AND (u.department_id, u.crew_id) IS DISTINCT FROM (r.department_id, r.crew_id)
  JOIN department AS d ON d.id = u.department_id
  LEFT JOIN crew AS w ON w.id = u.crew_id
 WHERE r.id = :id::uuid
   AND r.closed_at IS NULL
   AND a.layer = ANY (ARRAY(SELECT area_layer FROM routing_rule WHERE area_layer IS NOT NULL))
   AND distance_m <= :near_m::float8
   AND NOT ST_Contains(a.geom, r.geom)
 ORDER BY distance_m, d.slug, w.slug, a.area_m2
 LIMIT 5
