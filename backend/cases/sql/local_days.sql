-- The town's own days of a year, those of every year among them, in their order.
-- year: calendar year.  id: of one alone; null: all.
SELECT l.id::text AS id, d.day::text AS day, l.title, l.is_yearly, l.is_worked, is_national_working_day(d.day) AS is_worked_in_greece
  FROM local_day AS l
 CROSS JOIN LATERAL (
       SELECT (l.day_on + make_interval(years => :year::int - extract(year FROM l.day_on)::int))::date AS day
       ) AS d
 WHERE (:id::bigint IS NULL OR l.id = :id::bigint)
   AND CASE WHEN l.is_yearly THEN l.day_on <= d.day ELSE l.day_on = d.day END
   -- 29 February is not on the 28th of other years.
   AND extract(day FROM d.day) = extract(day FROM l.day_on)
 ORDER BY d.day, l.is_yearly
 LIMIT 1000
