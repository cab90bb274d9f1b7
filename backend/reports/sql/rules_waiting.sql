-- Reports whose way is weighed again, with the areas that rules name at their places.
-- which: condition.  edge_deg: tolerance for points on an edge, degrees, as in places/where.
SELECT row_number() OVER (ORDER BY r.created_at DESC, r.id)::int AS n, r.id, c.slug AS category, r.geom, r.department_id, r.crew_id, t.areas
  FROM report AS r
  JOIN category AS c ON c.id = r.category_id
 CROSS JOIN LATERAL (
       SELECT COALESCE(jsonb_agg(jsonb_build_object('layer', a.layer, 'slug', a.slug, 'title', a.title, 'area_m2', a.area_m2)), '[]') AS areas
         FROM area AS a
        WHERE a.geom && ST_Expand(r.geom, :edge_deg::float8)
          AND ST_DWithin(a.geom, r.geom, :edge_deg::float8)
          AND (a.layer, a.slug) IN (SELECT area_layer, area_slug FROM routing_rule)
       ) AS t
 WHERE :which
