-- Closes open reports whose time is over, with those that are treated together with them. Which those are: the view report_expiry.
-- note: for all who may see the report.
WITH over AS MATERIALIZED (
  SELECT r.id
    FROM report_expiry AS e
    JOIN report AS r ON r.id = e.report_id
   WHERE e.expires_at < now()
   ORDER BY r.id
     FOR UPDATE OF r
),
closed AS (
  UPDATE report AS r
     SET status = 'resolved',
         closed_at = now(),
         answered_at = COALESCE(r.answered_at, now()),
         updated_at = now()
    FROM over AS o
   WHERE (r.id = o.id OR r.main_id = o.id)
     AND r.closed_at IS NULL
  RETURNING r.id
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status, note)
  SELECT id, 'status', 'resolved', :note::text
    FROM closed
)
INSERT INTO event (type, subject_id, payload)
SELECT 'report.changed', id::text, jsonb_build_object('to', 'resolved', 'action', 'expired')
  FROM closed
