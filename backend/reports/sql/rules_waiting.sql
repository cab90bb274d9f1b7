-- Reports whose way is weighed again, with the numbers of the areas (named: rules_named) that they lie in, and of shapes the shares.
-- which: condition on r.  edge_deg: tolerance for points on an edge, degrees, as in places/where.
-- Area by area, not report by report: then PostGIS prepares an area once for all reports.
WITH chosen AS MATERIALIZED (
  SELECT r.id, c.slug AS category, r.geom, r.shape, r.department_id, r.crew_id, r.created_at
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   WHERE :which
),
touched AS (
  SELECT r.id, array_agg(a.k ORDER BY a.k) AS areas, '{}'::float8[] AS shares
    FROM named AS a
    JOIN chosen AS r
      ON r.geom && a.wide
     AND ST_Covers(a.wide, r.geom)
     AND (ST_Covers(a.geom, r.geom) OR ST_DWithin(a.geom, r.geom, :edge_deg::float8))
   WHERE r.shape IS NULL
   GROUP BY r.id
   UNION ALL
  -- Lines and areas by their shares, as they came in.
  SELECT r.id, array_agg(n.k ORDER BY n.k), array_agg(a.share ORDER BY n.k)
    FROM chosen AS r
   CROSS JOIN LATERAL areas_of(r.shape) AS a
    JOIN named AS n ON n.layer = a.layer AND n.slug = a.slug
   WHERE r.shape IS NOT NULL
     AND a.is_leading
   GROUP BY r.id
)
SELECT r.id, r.category, r.geom, r.department_id, r.crew_id, r.created_at,
       COALESCE(t.areas, '{}') AS areas, COALESCE(t.shares, '{}') AS shares
  FROM chosen AS r
  -- What is touched is chosen, so that FULL is LEFT, but never a loop of one over the other: the planner takes touched for a handful.
  FULL JOIN touched AS t ON t.id = r.id
