-- Puts back what an action on many reports has changed and nobody has changed since; says of each report what became of it.
-- bulk_id: of the action.  actor_id: who undoes it.
WITH item AS (
  SELECT i.*, b.at, b.action
    FROM report_bulk AS b
    JOIN report_bulk_item AS i ON i.bulk_id = b.id
   WHERE b.id = :bulk_id::uuid
),
untouched AS MATERIALIZED (
  SELECT r.id
    FROM report AS r
   WHERE r.id IN (SELECT report_id FROM item)
     AND r.updated_at = (SELECT at FROM report_bulk WHERE id = :bulk_id::uuid)
   ORDER BY r.id
     FOR UPDATE
),
back AS MATERIALIZED (
  SELECT i.*
    FROM item AS i
    JOIN untouched AS u ON u.id = i.report_id
),
changed AS (
  UPDATE report AS r
     SET status = b.status,
         closed_at = b.closed_at,
         answered_at = b.answered_at,
         due_at = b.due_at,
         department_id = b.department_id,
         crew_id = b.crew_id,
         is_assigned_by_hand = b.is_assigned_by_hand,
         updated_at = now()
    FROM back AS b
   WHERE r.id = b.report_id
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status, department_id, crew_id, actor_id)
  SELECT report_id, 'undone',
         CASE WHEN action = 'status' THEN status END,
         CASE WHEN action = 'assign' THEN department_id END,
         CASE WHEN action = 'assign' THEN crew_id END,
         :actor_id::bigint
    FROM back
   ORDER BY report_id
),
told AS (
  INSERT INTO event (type, subject_id, actor_id, payload)
  SELECT 'report.changed', report_id::text, :actor_id::bigint, jsonb_build_object('action', 'undone', 'bulk', :bulk_id::text)
    FROM back
)
SELECT i.report_id AS id, k.protocol, CASE WHEN u.id IS NULL THEN 'stale' ELSE 'done' END AS outcome
  FROM item AS i
  JOIN case_record AS k ON k.id = i.report_id
  LEFT JOIN untouched AS u ON u.id = i.report_id
 ORDER BY k.protocol
