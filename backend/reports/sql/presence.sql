-- Says that somebody has a report open, and who else has; tells those who listen when it is new.
-- id: of the report.  account_id: who.  fresh_s: seconds for which a sign of life counts.
WITH swept AS (
  DELETE FROM report_presence
   WHERE seen_at < now() - interval '10 minutes'
     AND account_id <> :account_id::bigint
),
known AS MATERIALIZED (
  SELECT account_id
    FROM report_presence
   WHERE report_id = :id::uuid
     AND seen_at > now() - make_interval(secs => :fresh_s::int)
),
here AS (
  INSERT INTO report_presence (report_id, account_id)
  VALUES (:id::uuid, :account_id::bigint)
      ON CONFLICT (report_id, account_id) DO UPDATE SET seen_at = now()
)
SELECT COALESCE((SELECT jsonb_agg(a.name ORDER BY a.name)
                   FROM known AS k
                   JOIN account AS a ON a.id = k.account_id
                  WHERE a.id <> :account_id::bigint), '[]') AS others,
       CASE WHEN NOT EXISTS (SELECT FROM known WHERE account_id = :account_id::bigint)
            THEN pg_notify('asty_event', json_build_object('type', 'report.presence', 'id', :id::text)::text) END
