-- Closes open reports whose time is over, with those that are treated together with them. Never one that somebody works on: by its
-- state, or by work that is not done. Days count from when it was sent, or from its last state.
-- note: for all who may see the report.
WITH over AS MATERIALIZED (
  SELECT r.id
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   WHERE r.closed_at IS NULL
     AND r.main_id IS NULL
     AND r.status IN ('submitted', 'acknowledged', 'waiting_for_citizen')
     AND r.created_at < now() - make_interval(days => c.expires_days)
     AND NOT EXISTS (SELECT
                       FROM timeline_entry AS t
                      WHERE t.case_id = r.id
                        AND t.status IS NOT NULL
                        AND t.at >= now() - make_interval(days => c.expires_days))
     AND NOT EXISTS (SELECT
                       FROM work_order_report AS l
                       JOIN work_order AS o ON o.id = l.work_order_id
                      WHERE l.report_id = r.id
                        AND o.status IN ('draft', 'planned', 'under_way'))
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
