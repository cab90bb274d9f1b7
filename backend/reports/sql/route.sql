-- Who answers for a category at points, many at a time: the rules that match, best first, and the promised date.
-- n: numbers the rows.  categories: slugs.  areas: jsonb arrays [{layer, slug}] from places/where or shape.  at: when each came.
WITH RECURSIVE input AS (
  SELECT *
    FROM unnest(:ns::int[], :categories::text[], :areas::jsonb[], :ats::timestamptz[]) AS i (n, category, areas, at)
),
path AS (
  SELECT i.n, c.id, c.slug, c.title, c.parent_id, c.department_id, 0 AS up
    FROM input AS i
    JOIN category AS c ON c.slug = i.category
   UNION ALL
  SELECT p.n, c.id, c.slug, c.title, c.parent_id, c.department_id, p.up + 1
    FROM path AS p
    JOIN category AS c ON c.id = p.parent_id
),
depth AS (
  SELECT n, count(*) AS deep FROM path GROUP BY n
),
place AS MATERIALIZED (
  SELECT i.n, a.*
    FROM input AS i
   CROSS JOIN LATERAL jsonb_to_recordset(i.areas) AS a (layer text, slug text, title jsonb, area_m2 float8, share float8)
),
matching AS (
  SELECT i.n, r.slug, r.title, r.department_id, r.crew_id, r.rank,
         p.slug AS category_slug, p.title AS category_title,
         CASE WHEN p.id IS NULL THEN 0 ELSE d.deep - p.up END AS category_depth,
         a.slug AS area_slug, a.title AS area_title, a.area_m2, a.share
    FROM input AS i
    JOIN routing_rule AS r
      ON (r.valid_from IS NULL OR r.valid_from <= i.at)
     AND (r.valid_to IS NULL OR i.at < r.valid_to)
    LEFT JOIN depth AS d ON d.n = i.n
    LEFT JOIN path AS p ON p.n = i.n AND p.id = r.category_id
    LEFT JOIN place AS a ON a.n = i.n AND a.layer = r.area_layer AND a.slug = r.area_slug
   WHERE (r.category_id IS NULL OR p.id IS NOT NULL)
     AND (r.area_layer IS NULL OR a.slug IS NOT NULL)
   UNION ALL
  SELECT p.n, 'category-department', NULL, p.department_id, NULL, 1000 + p.up,
         p.slug, p.title, -1, NULL, NULL, NULL, NULL
    FROM path AS p
   WHERE p.department_id IS NOT NULL
   UNION ALL
  SELECT i.n, 'central-desk', NULL, d.id, NULL, 2000,
         NULL, NULL, -1, NULL, NULL, NULL, NULL
    FROM input AS i
    JOIN department AS d ON d.is_central_desk
),
ranked AS (
  SELECT m.*,
         row_number() OVER (PARTITION BY m.n ORDER BY m.category_depth DESC, m.area_m2 NULLS LAST, m.rank, m.slug) AS place
    FROM matching AS m
),
decided AS (
  SELECT k.n,
         max(k.department_id) FILTER (WHERE k.place = 1) AS department_id,
         max(k.crew_id) FILTER (WHERE k.place = 1) AS crew_id,
         jsonb_agg(jsonb_build_object(
                     'rule', jsonb_build_object('slug', k.slug, 'title', k.title),
                     'category', CASE WHEN k.category_slug IS NOT NULL
                                      THEN jsonb_build_object('slug', k.category_slug, 'title', k.category_title) END,
                     'area', CASE WHEN k.area_slug IS NOT NULL
                                  THEN jsonb_build_object('slug', k.area_slug,
                                         'title', COALESCE(k.area_title, jsonb_build_object('el', k.area_slug, 'en', k.area_slug))) END,
                     'category_depth', k.category_depth,
                     'area_m2', k.area_m2,
                     'share', k.share,
                     'rank', k.rank,
                     'department', jsonb_build_object('slug', d.slug, 'title', d.title),
                     'crew', CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END,
                     'is_winner', k.place = 1)
                   ORDER BY k.place) FILTER (WHERE k.place <= 8) AS candidates
    FROM ranked AS k
    JOIN department AS d ON d.id = k.department_id
    LEFT JOIN crew AS w ON w.id = k.crew_id
   GROUP BY k.n
)
SELECT i.n,
       c.id AS category_id,
       jsonb_build_object('slug', c.slug, 'title', c.title) AS category,
       c.is_public, c.may_file, c.assurance, c.needs_photo, c.geometries, c.asset_layer, c.asset_snap_m, c.pet_side,
       c.form_id, f.questions, f.stops,
       COALESCE(add_working_hours(i.at, c.resolution_hours), add_working_days(i.at, c.working_days)) AS due_at,
       add_working_hours(i.at, c.answer_hours) AS answer_due_at,
       k.department_id, k.crew_id,
       COALESCE(k.candidates, '[]') AS candidates
  FROM input AS i
  JOIN category AS c ON c.slug = i.category AND c.retired_at IS NULL
  JOIN category AS g ON g.id = c.parent_id AND g.retired_at IS NULL
  LEFT JOIN category_form AS f ON f.id = c.form_id
  LEFT JOIN decided AS k ON k.n = i.n
 ORDER BY i.n
