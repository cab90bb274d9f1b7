-- All rules as JSON, in the order in which they were made, with a version that every change changes; one row.
SELECT md5(COALESCE(string_agg(r.id || r::text, E'\n' ORDER BY r.id), '')) AS version,
       COALESCE(jsonb_agg(jsonb_build_object(
                  'slug', r.slug, 'title', r.title, 'category', c.slug,
                  'area', CASE WHEN r.area_layer IS NOT NULL THEN jsonb_build_object('layer', r.area_layer, 'slug', r.area_slug) END,
                  'department', d.slug, 'crew', w.slug, 'rank', r.rank,
                  'valid_from', r.valid_from, 'valid_to', r.valid_to) ORDER BY r.id), '[]') AS rules
  FROM routing_rule AS r
  JOIN department AS d ON d.id = r.department_id
  LEFT JOIN crew AS w ON w.id = r.crew_id
  LEFT JOIN category AS c ON c.id = r.category_id
