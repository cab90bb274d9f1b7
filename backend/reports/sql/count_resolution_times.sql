-- Counts anew how long the reports of the last year took, from when they came to when they were resolved, by category and district.
-- least: where fewer were resolved nothing is told.
WITH counted AS (
  SELECT r.category_id, r.district,
         count(*)::int AS resolved,
         percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM r.closed_at - r.created_at) / 86400) AS days
    FROM report AS r
   WHERE r.status = 'resolved'
     AND r.created_at > now() - interval '1 year'
   GROUP BY GROUPING SETS ((r.category_id), (r.category_id, r.district))
  HAVING count(*) >= :least::int
     AND (GROUPING(r.district) = 1 OR r.district IS NOT NULL)
),
gone AS (
  DELETE FROM resolution_time AS t
   WHERE NOT EXISTS (SELECT FROM counted AS n WHERE n.category_id = t.category_id AND n.district IS NOT DISTINCT FROM t.district)
)
INSERT INTO resolution_time (category_id, district, resolved, median_days, p90_days)
SELECT category_id, district, resolved, days[1], days[2]
  FROM counted
    ON CONFLICT (category_id, district) DO UPDATE
   SET resolved = excluded.resolved, median_days = excluded.median_days, p90_days = excluded.p90_days, counted_at = now()
