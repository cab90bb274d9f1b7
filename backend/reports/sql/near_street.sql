-- Condition on report r: it lies near a street of this name. The streets are read once, not for each report.
-- street: name in either language, without regard to case and accents.  near_m: metres on the spheroid.
r.id IN (
  WITH named AS MATERIALIZED (
    SELECT s.geom
      FROM layer AS l
     CROSS JOIN LATERAL (
           SELECT f.geom
             FROM feature AS f
            WHERE f.layer = l.slug
              AND fold(:street::text) IN (fold(f.title->>'el'), fold(f.title->>'en'))
           OFFSET 0
           ) AS s
     WHERE l.role = 'street'
  )
  SELECT n.id
    FROM named AS s
    JOIN report AS n
      ON n.geom && ST_Expand(s.geom, :near_m::float8 / 111000 / GREATEST(cos(radians(ST_Y(ST_Centroid(s.geom)))), 0.01))
     AND ST_DWithin(n.geom::geography, s.geom::geography, :near_m::float8)
)
