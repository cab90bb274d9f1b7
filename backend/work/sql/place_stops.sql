-- Puts orders on the tours of a day, with the time at which their crew is expected; renumber_tours.sql gives them their places.
-- day_on: the day.  ids, crew_ids, arrivals: order, crew and time of each, in the order of the tours; same length.
UPDATE work_order AS o
   SET crew_id = p.crew_id,
       day_on = :day_on::date,
       status = 'planned',
       tour_position = p.n,
       planned_at = p.arrive_at,
       started_at = NULL,
       finished_at = NULL,
       version = o.version + 1,
       updated_at = now()
  FROM unnest(:ids::uuid[], :crew_ids::bigint[], :arrivals::timestamptz[]) WITH ORDINALITY AS p (id, crew_id, arrive_at, n)
 WHERE o.id = p.id
