-- What has been reported before at the place of a report: of its category or a kin one, closed ones too, newest first.
-- id: of the report.  seen: condition on r: which others the asking member of staff may see.
WITH here AS (
  SELECT p.id, p.geom, COALESCE(c.parent_id, c.id) AS group_id, c.same_place_m
    FROM report AS p
    JOIN category AS c ON c.id = p.category_id
   WHERE p.id = :id::uuid
)
SELECT r.id, k.protocol, r.status, jsonb_build_object('slug', c.slug, 'title', c.title) AS category, r.description,
       r.created_at, r.closed_at, round(ST_Distance(r.geom::geography, here.geom::geography)::numeric, 1)::float8 AS distance_m
  FROM here
  JOIN report AS r
    ON r.geom && ST_Expand(here.geom, here.same_place_m / 111000.0 / GREATEST(cos(radians(ST_Y(ST_Centroid(here.geom)))), 0.01))
   AND ST_DWithin(r.geom::geography, here.geom::geography, here.same_place_m)
   AND r.id <> here.id
  JOIN category AS c ON c.id = r.category_id AND here.group_id IN (c.id, c.parent_id)
  JOIN case_record AS k ON k.id = r.id
 WHERE r.is_public OR :seen
 ORDER BY r.created_at DESC, r.id
 LIMIT 20
