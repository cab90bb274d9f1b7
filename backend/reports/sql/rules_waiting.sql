-- Reports whose way is weighed again, with the areas that rules name at their places.
-- which: condition on r.  edge_deg: tolerance for points on an edge, degrees, as in places/where.
-- Areas are joined, not looked up for each report: then PostGIS prepares an area once for all reports in it. Layers that no rule
-- names are not read: the array is known before the parts of the view are.
SELECT row_number() OVER (ORDER BY r.created_at DESC, r.id)::int AS n, r.id, c.slug AS category, r.geom, r.department_id, r.crew_id,
       COALESCE(t.areas, '[]') AS areas
  FROM report AS r
  JOIN category AS c ON c.id = r.category_id
  LEFT JOIN (
       SELECT r.id, jsonb_agg(jsonb_build_object('layer', a.layer, 'slug', a.slug, 'title', a.title, 'area_m2', a.area_m2)) AS areas
         FROM area AS a
         JOIN report AS r ON r.geom && ST_Expand(a.geom, :edge_deg::float8) AND ST_DWithin(a.geom, r.geom, :edge_deg::float8)
        WHERE a.layer = ANY (ARRAY(SELECT area_layer FROM routing_rule WHERE area_layer IS NOT NULL))
          AND (a.layer, a.slug) IN (SELECT area_layer, area_slug FROM routing_rule)
          AND r.shape IS NULL
         AND (:which)
        GROUP BY r.id
        UNION ALL
       -- Lines and areas by their shares, as they came in.
       SELECT r.id, jsonb_agg(jsonb_build_object('layer', a.layer, 'slug', a.slug, 'title', a.title, 'area_m2', a.area_m2, 'share', a.share)) AS areas
         FROM report AS r
        CROSS JOIN LATERAL areas_of(r.shape) AS a
        WHERE r.shape IS NOT NULL
          AND a.is_leading
          AND (a.layer, a.slug) IN (SELECT area_layer, area_slug FROM routing_rule)
          AND (:which)
        GROUP BY r.id
       ) AS t ON t.id = r.id
 WHERE :which
