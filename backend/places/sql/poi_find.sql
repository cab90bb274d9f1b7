-- Places of the layers with role poi, nearest first where a point is given; keyset by (distance_m, layer, id).
-- staff: also layers and fields that only staff may see.  lon, lat: degrees, EPSG:4326, or null.  west, south, east, north: degrees, EPSG:4326;
-- the whole world when nothing is asked.  kinds: codes of the field kind, or slugs of layers; wheelchair: its code; q: part of the title; null: all.
-- at: the moment that duties are told for.  on_duty: only those on duty then.  after_m, after_layer, after_id: the last row of the page before, or null.
-- most: how many.  Point and box are written out where they are used: as constants they let the planner see that the index gives the nearest.
WITH duty AS MATERIALIZED (
  SELECT layer, key, max(ends_at) AS ends_at
    FROM place_duty
   WHERE starts_at <= :at::timestamptz
     AND ends_at > :at::timestamptz
   GROUP BY layer, key
),
named AS MATERIALIZED (
  SELECT layer, array_agg(id) AS ids
    FROM searchable
   WHERE is_title
     AND key LIKE '%' || regexp_replace(search_key(:q::text), '([\\%_])', '\\\1', 'g') || '%'
   GROUP BY layer
),
seen AS MATERIALIZED (
  SELECT s.*, 'kind' = ANY (s.fields) AS has_kind, 'wheelchair' = ANY (s.fields) AS has_access,
         ARRAY(SELECT d.key FROM duty AS d WHERE d.layer = s.slug) AS on_duty,
         CASE WHEN s.has_open_title THEN (SELECT n.ids FROM named AS n WHERE n.layer = s.slug) END AS named
    FROM seen_layer(:staff::boolean) AS s
   WHERE s.role = 'poi'
),
found AS (
  SELECT s.slug, f.*
    FROM seen AS s
   -- The index knows degrees, which are shorter to the east than to the north: whoever is among the nearest in metres is not
   -- farther than the farthest of those that are nearest in degrees.
   CROSS JOIN LATERAL (
         SELECT max(ST_Distance(n.geom::geography, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326)::geography)) AS m
           FROM (SELECT x.geom
                   FROM feature AS x
                  WHERE x.layer = s.slug
                    AND x.geom && ST_MakeEnvelope(:west::float8, :south::float8, :east::float8, :north::float8, 4326)
                    AND (:kinds::text[] IS NULL OR s.slug = ANY (:kinds::text[]) OR (s.has_kind AND x.properties->>'kind' = ANY (:kinds::text[])))
                    AND (:wheelchair::text IS NULL OR (s.has_access AND x.properties->>'wheelchair' = :wheelchair::text))
                    AND (:q::text IS NULL OR x.id = ANY (s.named))
                    AND (NOT :on_duty::boolean OR x.key = ANY (s.on_duty))
                    AND (:after_m::float8 IS NULL
                         OR ST_Distance(x.geom::geography, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326)::geography) >= :after_m::float8)
                  ORDER BY x.geom <-> ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326)
                  LIMIT CASE WHEN :lon::float8 IS NULL THEN 0 ELSE :most::int END) AS n
         ) AS reach
   CROSS JOIN LATERAL (
         SELECT x.id, x.key, x.properties, x.geom, x.title, d.distance_m
           FROM feature AS x
          CROSS JOIN LATERAL (
                SELECT COALESCE(ST_Distance(x.geom::geography, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326)::geography), 0) AS distance_m
                ) AS d
          WHERE x.layer = s.slug
            AND x.geom && ST_MakeEnvelope(:west::float8, :south::float8, :east::float8, :north::float8, 4326)
            AND (:lon::float8 IS NULL OR x.geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326), reach.m / 80000))
            AND (:kinds::text[] IS NULL OR s.slug = ANY (:kinds::text[]) OR (s.has_kind AND x.properties->>'kind' = ANY (:kinds::text[])))
            AND (:wheelchair::text IS NULL OR (s.has_access AND x.properties->>'wheelchair' = :wheelchair::text))
            AND (:q::text IS NULL OR x.id = ANY (s.named))
            AND (NOT :on_duty::boolean OR x.key = ANY (s.on_duty))
            AND (:after_m::float8 IS NULL OR (d.distance_m, s.slug, x.id) > (:after_m::float8, :after_layer::text, :after_id::bigint))
          ORDER BY d.distance_m, x.id
          LIMIT :most::int
         ) AS f
   ORDER BY f.distance_m, s.slug, f.id
   LIMIT :most::int
)
SELECT s.slug AS layer, s.title AS layer_title, f.id::text AS id,
       CASE WHEN s.has_open_title THEN f.key ELSE f.id::text END AS key,
       CASE WHEN s.has_open_title THEN f.title END AS title,
       seen_properties(f.properties, s.fields) AS properties,
       jsonb_path_query_first(s.definitions, '$[*] \? (@.name == "kind").codes') AS kinds,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
       CASE WHEN :lon::float8 IS NOT NULL THEN f.distance_m END AS distance_m,
       d.ends_at AS on_duty_until
  FROM found AS f
  JOIN seen AS s USING (slug)
 CROSS JOIN LATERAL (
       SELECT CASE WHEN ST_Dimension(f.geom) = 1 THEN ST_StartPoint(ST_GeometryN(f.geom, 1)) ELSE ST_PointOnSurface(f.geom) END AS point
       ) AS p
  LEFT JOIN duty AS d ON d.layer = s.slug AND d.key = f.key
 ORDER BY f.distance_m, s.slug, f.id
