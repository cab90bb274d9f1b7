-- Houses to which the register and the zones of a school year give different schools of one level, by street; most houses first.
-- school_year: e.g. 2026-2027.  most: how many rows.
WITH school AS MATERIALIZED (
  SELECT x.key, x.title, COALESCE(x.properties->>'level', l.slug) AS level,
         COALESCE(jsonb_path_query_first(l.fields, '$[*] \? (@.name == "level").codes')->(x.properties->>'level'), l.title) AS level_title
    FROM layer AS l
   CROSS JOIN LATERAL (SELECT f.* FROM feature AS f WHERE f.layer = l.slug OFFSET 0) AS x
   WHERE l.role = 'school'
),
house AS MATERIALIZED (
  SELECT l.slug, x.id, x.geom, x.properties->>'street' AS street,
         substring(x.properties->>'number' FROM '^[0-9]{1,9}')::int AS number
    FROM layer AS l
   CROSS JOIN LATERAL (SELECT f.* FROM feature AS f WHERE f.layer = l.slug OFFSET 0) AS x
   WHERE l.role = 'address'
     AND x.properties->>'street' IN (SELECT street FROM school_rule WHERE school_year = :school_year::text)
),
registered AS MATERIALIZED (
  SELECT DISTINCT h.slug, h.id, h.street, h.number, h.geom, s.key AS school, s.level
    FROM house AS h
    JOIN school_rule AS r ON r.street = h.street
    JOIN school AS s ON s.key = r.school
   WHERE r.school_year = :school_year::text
     AND (r.parity = 'both' OR (r.parity = 'odd') = (h.number % 2 = 1))
     AND h.number BETWEEN COALESCE(r.from_number, 0) AND COALESCE(r.to_number, h.number)
),
zoned AS (
  SELECT h.slug, h.id, s.key AS school, s.level
    FROM layer AS l
   CROSS JOIN LATERAL (
         SELECT f.*
           FROM feature AS f
          WHERE f.layer = l.slug
            AND COALESCE(f.properties->>'school_year', :school_year::text) = :school_year::text
         OFFSET 0
         ) AS z
    JOIN school AS s ON s.key = z.properties->>'school'
    JOIN house AS h ON h.geom && z.geom AND ST_Covers(z.geom, h.geom)
   WHERE l.role = 'school_zone'
),
odd AS (
  SELECT 'zone' AS kind, r.*, z.school AS other
    FROM registered AS r
    JOIN zoned AS z USING (slug, id, level)
   WHERE z.school <> r.school
     -- A house on the edge of two zones, or with two schools in the register, is no contradiction if one of them agrees.
     AND NOT EXISTS (SELECT FROM zoned AS o WHERE (o.slug, o.id, o.level, o.school) = (r.slug, r.id, r.level, r.school))
     AND NOT EXISTS (SELECT FROM registered AS o WHERE (o.slug, o.id, o.level, o.school) = (r.slug, r.id, r.level, z.school))
   UNION ALL
  SELECT 'double', r.*, o.school
    FROM registered AS r
    JOIN registered AS o USING (slug, id, level)
   WHERE r.school < o.school
)
SELECT o.kind,
       jsonb_build_object('slug', o.level, 'title', a.level_title) AS level,
       COALESCE((SELECT t.title
                   FROM layer AS l
                  CROSS JOIN LATERAL (SELECT f.title FROM feature AS f WHERE f.layer = l.slug AND f.key = o.street OFFSET 0) AS t
                  WHERE l.role = 'street'
                  LIMIT 1), jsonb_build_object('el', o.street, 'en', o.street)) AS street,
       min(o.number) AS from_number,
       max(o.number) AS to_number,
       count(*)::int AS houses,
       a.title AS register,
       b.title AS other,
       (array_agg(ARRAY[ST_X(o.geom), ST_Y(o.geom)] ORDER BY o.number, o.id))[1:1] AS points
  FROM odd AS o
  JOIN school AS a ON a.key = o.school
  JOIN school AS b ON b.key = o.other
 GROUP BY o.kind, o.level, a.level_title, o.street, a.key, a.title, b.key, b.title
 ORDER BY houses DESC, o.kind, o.street, a.key, b.key
 LIMIT :most::int
