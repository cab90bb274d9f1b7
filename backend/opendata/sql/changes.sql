-- A page of what was written to a collection: whole rows of the log, up to a thousand ids. No more rows: more is false.
-- collection: slug.  since: transactions before this one are known to the caller.  xact, id: row of the log to go on after.
-- horizon: every transaction before it is over and seen by this very statement. That, and not the time or the number of the last
-- change, is where the next question begins: transactions commit in another order than they begin and write in.
WITH row AS (
  SELECT c.xact, c.id, c.feature_ids, sum(cardinality(c.feature_ids)) OVER (ORDER BY c.xact, c.id) AS upto
    FROM (SELECT xact, id, feature_ids
            FROM collection_change
           WHERE collection = :collection
             AND (xact, id) > (:xact::text::xid8, :id::bigint)
             AND feature_ids IS NOT NULL
           ORDER BY xact, id
           LIMIT 1001) AS c
), page AS (
  SELECT * FROM row WHERE upto <= 1000 OR upto = cardinality(feature_ids)
)
SELECT ARRAY(SELECT DISTINCT unnest(feature_ids) FROM page) AS ids,
       (SELECT count(*) FROM row) > (SELECT count(*) FROM page) AS more,
       (SELECT json_build_object('xact', xact::text, 'id', id::text) FROM page ORDER BY xact DESC, id DESC LIMIT 1) AS last,
       pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
       :since::text::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS is_ahead,
       EXISTS (SELECT FROM collection_change WHERE collection = :collection AND xact >= :since::text::xid8 AND feature_ids IS NULL) AS is_lost,
       (SELECT system_identifier::text FROM pg_control_system()) AS system
