-- The newest public reports.
-- category: slug of a category or of a group; district: slug; bbox: west, south, east, north, degrees, EPSG:4326; null: any.
-- most: how many.
SELECT r.id, r.protocol, r.status, r.created_at, r.updated_at,
       r.category, jsonb_build_object('el', r.category_el, 'en', r.category_en) AS category_title,
       x.title AS district_title, ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat
  FROM public_report AS r
  LEFT JOIN LATERAL (
       SELECT title FROM area WHERE role = 'district' AND slug = r.district ORDER BY layer LIMIT 1
       ) AS x ON true
 WHERE (:category::text IS NULL
        OR r.category IN (SELECT c.slug
                            FROM category AS c
                            LEFT JOIN category AS g ON g.id = c.parent_id
                           WHERE :category::text IN (c.slug, g.slug)))
   AND (:district::text IS NULL OR r.district = :district::text)
   AND (:bbox::float8[] IS NULL
        OR r.geom && ST_MakeEnvelope((:bbox::float8[])[1], (:bbox::float8[])[2], (:bbox::float8[])[3], (:bbox::float8[])[4], 4326))
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT :most::int
