-- The areas that a rule may name, by layer.
SELECT jsonb_build_object('slug', l.slug, 'title', l.title) AS layer,
       jsonb_agg(jsonb_build_object('slug', a.slug, 'title', COALESCE(a.title, jsonb_build_object('el', a.slug, 'en', a.slug))) ORDER BY a.slug) AS areas
  FROM layer AS l
  JOIN area AS a ON a.layer = l.slug
 WHERE a.role NOT IN ('block', 'planning')
 GROUP BY l.slug
 ORDER BY l.position
