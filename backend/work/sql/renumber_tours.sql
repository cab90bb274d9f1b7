-- Numbers the stops of several tours from 1: where stops were placed by a plan, first what has begun, then those in their order,
-- then the rest, which is expected at no time any more; elsewhere as they stood.
-- crew_ids, days: the tours, same length, some perhaps twice.  placed: orders that the plan has placed.
WITH tour AS (
  SELECT DISTINCT t.crew_id, t.day_on
    FROM unnest(:crew_ids::bigint[], :days::date[]) AS t (crew_id, day_on)
),
stop AS (
  SELECT o.id, o.crew_id, o.day_on, o.tour_position, o.status <> 'planned' AS has_begun, o.id = ANY (:placed::uuid[]) AS is_placed
    FROM tour AS t
    JOIN work_order AS o ON o.crew_id = t.crew_id AND o.day_on = t.day_on
   WHERE o.tour_position IS NOT NULL
),
ranked AS (
  SELECT s.*, bool_or(s.is_placed) OVER w AS is_planned
    FROM stop AS s
  WINDOW w AS (PARTITION BY s.crew_id, s.day_on)
),
numbered AS (
  SELECT r.id, r.is_placed,
         row_number() OVER (PARTITION BY r.crew_id, r.day_on
                            ORDER BY CASE WHEN NOT r.is_planned OR r.has_begun THEN 0 WHEN r.is_placed THEN 1 ELSE 2 END,
                                     r.tour_position, r.id)::int AS place
    FROM ranked AS r
)
UPDATE work_order AS o
   SET tour_position = n.place,
       planned_at = CASE WHEN n.is_placed OR o.status <> 'planned' THEN o.planned_at END
  FROM numbered AS n
 WHERE n.id = o.id
   AND o.tour_position IS DISTINCT FROM n.place
