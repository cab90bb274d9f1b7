-- Open public reports within a radius of a point, nearest first: "is it already known?"
-- lon, lat: degrees, EPSG:4326.  radius_m: metres on the spheroid.  category: slug, or null for any; its siblings count too.
WITH here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom,
         (SELECT COALESCE(parent_id, id) FROM category WHERE slug = :category::text) AS group_id
)
SELECT 'Feature' AS type,
       r.id,
       ST_AsGeoJSON(r.geom, 6)::jsonb AS geometry,
       round(ST_Distance(r.geom::geography, here.geom::geography)::numeric, 1)::float8 AS distance_m,
       jsonb_build_object(
         'protocol', k.protocol, 'status', r.status,
         'category', jsonb_build_object('slug', c.slug, 'title', c.title), 'icon', c.icon, 'colour', c.colour,
         'description', r.description, 'district', r.place->'district', 'address', r.place #> '{address,title}',
         'department', CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END,
         'created_at', to_json(r.created_at), 'updated_at', to_json(r.updated_at), 'due_at', to_json(r.due_at),
         'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id AND p.published_at IS NOT NULL)
       ) AS properties
  FROM here
  JOIN report AS r
    ON r.geom && ST_Expand(here.geom, :radius_m::float8 / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01))
   AND ST_DWithin(r.geom::geography, here.geom::geography, :radius_m::float8)
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
  LEFT JOIN department AS d ON d.id = r.department_id
 WHERE r.is_public
   AND r.closed_at IS NULL
   AND (here.group_id IS NULL OR here.group_id IN (c.id, c.parent_id))
 ORDER BY distance_m, r.id
 LIMIT 5
