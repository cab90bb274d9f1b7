-- The areas that rules name, numbered; what a point must be in to be worth a closer look.
-- edge_deg: tolerance for points on an edge, degrees, as in places/where.
-- Copied out of their tables: a shape that is stored apart would be fetched anew for every point. Layers that no rule names are
-- not read: the array is known before the parts of the view are.
SELECT row_number() OVER (ORDER BY a.layer, a.slug)::int AS k, a.layer, a.slug, a.title, a.area_m2,
       ST_Force2D(a.geom) AS geom,
       -- A tenth wider: a buffer cuts its corners.
       ST_Buffer(a.geom, :edge_deg::float8 * 1.1) AS wide
  FROM area AS a
 WHERE a.layer = ANY (ARRAY(SELECT area_layer FROM routing_rule WHERE area_layer IS NOT NULL))
   AND (a.layer, a.slug) IN (SELECT area_layer, area_slug FROM routing_rule)
