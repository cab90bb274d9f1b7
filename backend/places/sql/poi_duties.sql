-- Puts the duties of a list in the place of those that begin in its days; one row: how many count now.
-- layer: slug.  first, last: days of the list.  duties: [{key, on, from, to}], on: day, from, to: HH:MM in Greece; to at or before from is on the next day.
WITH gone AS (
  DELETE FROM place_duty
   WHERE layer = :layer::text
     AND starts_at >= (:first::date)::timestamp AT TIME ZONE 'Europe/Athens'
     AND starts_at < (:last::date + 1)::timestamp AT TIME ZONE 'Europe/Athens'
),
told AS (
  SELECT d.key,
         (d."on" + d."from") AT TIME ZONE 'Europe/Athens' AS starts_at,
         max((d."on" + d."to" + CASE WHEN d."to" <= d."from" THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE 'Europe/Athens') AS ends_at
    FROM jsonb_to_recordset(:duties::jsonb) AS d (key text, "on" date, "from" time, "to" time)
   GROUP BY d.key, starts_at
),
added AS (
  INSERT INTO place_duty (layer, key, starts_at, ends_at)
  SELECT :layer::text, key, starts_at, ends_at FROM told
  -- What went above is still seen by this statement.
  ON CONFLICT (layer, key, starts_at) DO UPDATE SET ends_at = excluded.ends_at
  RETURNING 1
)
SELECT count(*)::int AS duties FROM added
