-- Areas whose new reports one may hear of: public districts and municipal units, larger ones first.
SELECT a.layer, a.slug, COALESCE(a.title, jsonb_build_object('el', a.slug, 'en', a.slug)) AS title
  FROM area AS a
  JOIN layer AS l ON l.slug = a.layer
 WHERE a.role IN ('municipal_unit', 'district')
   AND l.visibility = 'public'
 ORDER BY a.role DESC, l.position, a.title->>'el', a.slug
 LIMIT 500
