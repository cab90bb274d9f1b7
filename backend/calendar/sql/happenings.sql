-- Events of the layers with role event that the caller may see and that are on within a stretch of days, the soonest first.
-- staff: also layers and fields that only staff may see.  from, to: dates, both counted, in Athens.  kind: code of field kind, or null: all.
-- layer, id: only this feature, whenever it is; null: all.  most: how many.
WITH seen AS (
  SELECT s.slug, s.title, s.updated_at, s.fields, s.has_open_title, d.codes, d.times
    FROM seen_layer(:staff::boolean) AS s
   CROSS JOIN LATERAL (
         SELECT (jsonb_agg(f.codes) FILTER (WHERE f.name = 'kind'))->0 AS codes,
                COALESCE(array_agg(f.name) FILTER (WHERE f.type = CASE WHEN f.name LIKE '%\_at' THEN 'timestamp' ELSE 'date' END), '{}') AS times
           FROM jsonb_to_recordset(s.definitions) AS f (name text, type text, codes jsonb)
         ) AS d
   WHERE s.role = 'event'
     AND (:layer::text IS NULL OR s.slug = :layer::text)
),
told AS (
  SELECT s.slug, s.title AS layer_title, s.updated_at, s.codes, f.id, f.key,
         -- A text that is only named like a time is none.
         seen_properties(f.properties, ARRAY(SELECT unnest(s.fields) INTERSECT SELECT unnest(s.times))) AS w,
         CASE WHEN s.has_open_title THEN f.title END AS title, f.geom,
         seen_properties(f.properties, s.fields) AS p
    FROM seen AS s
   CROSS JOIN LATERAL (SELECT x.* FROM feature AS x WHERE x.layer = s.slug OFFSET 0) AS f
   WHERE :id::bigint IS NULL OR f.id = :id::bigint
),
-- Days without a time end with the day, and so at the next midnight.
timed AS (
  SELECT t.*,
         COALESCE((w->>'starts_at')::timestamptz, (w->>'starts_on')::timestamp AT TIME ZONE 'Europe/Athens') AS starts_at,
         COALESCE((w->>'ends_at')::timestamptz, ((w->>'ends_on')::date + 1)::timestamp AT TIME ZONE 'Europe/Athens',
                  ((w->>'starts_on')::date + 1)::timestamp AT TIME ZONE 'Europe/Athens') AS ends_at
    FROM told AS t
)
SELECT jsonb_build_object('slug', slug, 'title', layer_title) AS layer,
       id::text AS id,
       key,
       title,
       starts_at,
       ends_at,
       -- From midnight to midnight is a day, however it was written.
       (starts_at AT TIME ZONE 'Europe/Athens')::time = '00:00'
         AND COALESCE((ends_at AT TIME ZONE 'Europe/Athens')::time = '00:00' AND ends_at > starts_at, false) AS is_all_day,
       p,
       CASE WHEN p \? 'kind' THEN jsonb_build_object('slug', p->>'kind',
            'title', COALESCE(codes->(p->>'kind'), jsonb_build_object('el', p->>'kind', 'en', p->>'kind'))) END AS kind,
       updated_at,
       round(ST_X(point)::numeric, 6)::float8 AS lon,
       round(ST_Y(point)::numeric, 6)::float8 AS lat
  FROM timed
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom) AS point) AS at
 WHERE starts_at IS NOT NULL
   AND (:id::bigint IS NOT NULL
        OR (starts_at < (:to::date + 1)::timestamp AT TIME ZONE 'Europe/Athens'
            AND COALESCE(ends_at, starts_at) >= :from::timestamp AT TIME ZONE 'Europe/Athens'
            -- What ended with the midnight before is over.
            AND (ends_at IS NULL OR ends_at > :from::timestamp AT TIME ZONE 'Europe/Athens' OR ends_at = starts_at)))
   AND (:kind::text IS NULL OR p->>'kind' = :kind::text)
 ORDER BY starts_at, ends_at, slug, id
 LIMIT :most::int
