-- Opens a closed report again, with those that are treated together with it; their time starts anew today.
-- main_id: of the report, or of its main one.
WITH opened AS (
  UPDATE report AS r
     -- What nobody works on is seen once more.
     SET status = CASE WHEN c.has_workflow THEN 'in_progress' ELSE 'acknowledged' END,
         closed_at = NULL,
         reopened_count = r.reopened_count + 1,
         due_at = COALESCE(add_working_hours(now(), c.resolution_hours), add_working_days(now(), c.working_days)),
         updated_at = now()
    FROM category AS c
   WHERE c.id = r.category_id
     AND (r.id = :main_id::uuid OR r.main_id = :main_id::uuid)
     AND r.closed_at IS NOT NULL
  RETURNING r.id, r.status
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status)
  SELECT id, 'reopened', status
    FROM opened
)
INSERT INTO event (type, subject_id)
SELECT 'report.reopened', id::text
  FROM opened
