-- Open reports go with the work that answers them: planned, under way, or received again where nothing is planned any more. Only
-- between these states, and never back from under way: what staff have said by hand stands.
-- Nor to a state that its kind does not know.
-- order_ids: work orders that have changed.  report_ids: reports that may have lost one.  actor_id: who changed them.
-- known: kind, has_workflow and status, as JSON.
WITH touched AS (
  SELECT report_id FROM work_order_answer WHERE work_order_id = ANY (:order_ids::uuid[])
   UNION
  SELECT COALESCE(main_id, id) FROM report WHERE id = ANY (:report_ids::uuid[])
),
wanted AS (
  SELECT t.report_id,
         CASE WHEN bool_or(o.status IN ('under_way', 'done')) THEN 'in_progress'
              WHEN bool_or(o.status = 'planned') THEN 'planned'
              ELSE 'acknowledged' END AS status
    FROM touched AS t
    -- Report by report, so that its own orders are found over the indexes and not all there are.
    LEFT JOIN LATERAL (SELECT a.work_order_id FROM work_order_answer AS a WHERE a.report_id = t.report_id OFFSET 0) AS l ON true
    LEFT JOIN work_order AS o ON o.id = l.work_order_id
   GROUP BY t.report_id
),
moved AS (
  UPDATE report AS r
     SET status = w.status,
         updated_at = now(),
         answered_at = COALESCE(r.answered_at, now())
    FROM wanted AS w
   WHERE r.id = w.report_id
     AND EXISTS (SELECT
                   FROM category AS c
                   JOIN jsonb_to_recordset(:known::jsonb) AS k (kind text, has_workflow boolean, status text)
                     ON k.kind = c.kind AND k.has_workflow = c.has_workflow
                  WHERE c.id = r.category_id AND k.status = w.status)
     AND r.main_id IS NULL
     AND CASE w.status
           WHEN 'in_progress' THEN r.status IN ('submitted', 'acknowledged', 'planned')
           WHEN 'planned' THEN r.status IN ('submitted', 'acknowledged')
           ELSE r.status = 'planned' END
  RETURNING r.id, r.status
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status, actor_id)
  SELECT id, 'status', status, :actor_id::bigint
    FROM moved
)
INSERT INTO event (type, subject_id, actor_id, payload)
SELECT 'report.changed', id::text, :actor_id::bigint, jsonb_build_object('to', status)
  FROM moved
