-- The things of a layer that are nearest to a point, with what was reported about each.
-- layer: slug of a public layer.  lon, lat: degrees, EPSG:4326.  within_m: metres on the spheroid.  most: how many.
WITH here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom
),
-- Degrees order a little differently from metres: some more are read, and put into order after that.
near AS (
  SELECT f.key, f.title, f.geom, ST_Distance(f.geom::geography, here.geom::geography) AS distance_m,
         ST_ClosestPoint(f.geom, here.geom) AS point
    FROM here
   CROSS JOIN LATERAL (
         SELECT key, title, geom
           FROM feature
          WHERE layer = :layer::text
            AND geom && ST_Expand(here.geom, :within_m::float8 / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01))
          ORDER BY geom <-> here.geom
          LIMIT :most::int * 2
         ) AS f
)
SELECT n.key,
       COALESCE(n.title, jsonb_build_object('el', n.key, 'en', n.key)) AS title,
       jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(round(ST_X(n.point)::numeric, 7), round(ST_Y(n.point)::numeric, 7))) AS point,
       round(n.distance_m::numeric, 1)::float8 AS distance_m,
       COALESCE(told.reports, '[]') AS reports
  FROM near AS n
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object(
                          'id', r.id, 'protocol', r.protocol, 'status', r.status, 'category', r.category,
                          'created_at', to_json(r.created_at), 'closed_at', to_json(r.closed_at), 'support_count', r.support_count)
                        ORDER BY r.closed_at IS NOT NULL, r.created_at DESC) AS reports
         FROM (SELECT r.*, k.protocol, jsonb_build_object('slug', c.slug, 'title', c.title) AS category
                 FROM report AS r
                 JOIN case_record AS k ON k.id = r.id
                 JOIN category AS c ON c.id = r.category_id
                WHERE r.asset_layer = :layer::text
                  AND r.asset_key = n.key
                  AND r.is_public
                ORDER BY r.closed_at IS NOT NULL, r.created_at DESC
                LIMIT 10) AS r
       ) AS told ON true
 WHERE n.distance_m <= :within_m::float8
 ORDER BY n.distance_m, n.key
 LIMIT :most::int
