-- What of the reports that wait (waiting: rules_waiting) the rules decide alike: of a category in the same areas. Few among many.
SELECT row_number() OVER ()::int AS n, w.category, w.areas, w.shares,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('layer', a.layer, 'slug', a.slug, 'title', a.title, 'area_m2', a.area_m2, 'share', i.share))
                   FROM unnest(w.areas, w.shares) AS i (k, share)
                   JOIN named AS a USING (k)), '[]') AS spot
  FROM waiting AS w
 GROUP BY w.category, w.areas, w.shares
