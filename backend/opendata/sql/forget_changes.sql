-- Forgets what was written longer ago than so many days. What is left in its place says up to where.
-- days: age from which it goes.
WITH old AS (
  DELETE FROM collection_change
   WHERE made_at < now() - make_interval(days => :days::int)
  RETURNING collection, xact
), kept AS (
  INSERT INTO collection_change (collection, xact)
  SELECT collection, max(xact) FROM old GROUP BY collection
)
SELECT count(*)::int AS forgotten FROM old
