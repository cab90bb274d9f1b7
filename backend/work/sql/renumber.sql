-- Numbers the stops of a tour from 1; the order with this id goes before another, or to the end. Where the number changes,
-- the time at which the crew was expected no longer holds.
-- crew_id, day_on: the tour.  id: of the order that moves, or null.  before_id: of the stop that comes after it, or null.
WITH tour AS (
  SELECT o.id,
         CASE WHEN o.id = :id::uuid THEN b.tour_position ELSE o.tour_position END AS wanted,
         -- of two that want one place, the one that moves goes first
         o.id IS DISTINCT FROM :id::uuid AS stays
    FROM work_order AS o
    LEFT JOIN work_order AS b ON b.id = :before_id::uuid AND b.crew_id = o.crew_id AND b.day_on = o.day_on
   WHERE o.crew_id = :crew_id::bigint
     AND o.day_on = :day_on::date
),
numbered AS (
  SELECT id, row_number() OVER (ORDER BY wanted NULLS LAST, stays, id)::int AS place
    FROM tour
)
UPDATE work_order AS o
   SET tour_position = n.place,
       planned_at = CASE WHEN o.status = 'planned' THEN NULL ELSE o.planned_at END
  FROM numbered AS n
 WHERE n.id = o.id
   AND o.tour_position IS DISTINCT FROM n.place
