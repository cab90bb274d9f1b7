-- What an account wants to hear of, newest first.
-- account_id: whose.  id: only this one, or null.
SELECT s.id,
       CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('slug', c.slug, 'title', c.title) END AS category,
       CASE WHEN s.area_layer IS NOT NULL
            THEN jsonb_build_object('layer', s.area_layer, 'slug', s.area_slug,
                                    'title', COALESCE(a.title, jsonb_build_object('el', s.area_slug, 'en', s.area_slug)))
       END AS area,
       CASE WHEN s.geom IS NOT NULL
            THEN jsonb_build_object('point', ST_AsGeoJSON(s.geom, 6)::jsonb, 'radius_m', s.radius_m)
       END AS around,
       s.is_daily,
       s.created_at
  FROM subscription AS s
  LEFT JOIN category AS c ON c.id = s.category_id
  LEFT JOIN LATERAL (
       SELECT x.title FROM area AS x WHERE x.layer = s.area_layer AND x.slug = s.area_slug LIMIT 1
       ) AS a ON true
 WHERE s.account_id = :account_id::bigint
   AND (:id::bigint IS NULL OR s.id = :id::bigint)
 ORDER BY s.id DESC
 LIMIT 100
