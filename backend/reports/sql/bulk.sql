-- Moves many reports to a state, or gives them to a department, each as it was seen; says of each what became of it. One statement.
-- bulk_id: new id of the action.  ids, seen_ats: the reports and their last change as the caller saw it.  actor_id: who.
-- seen, allowed: conditions on r: may be read, may be changed in this way.
-- status: to move to, or null; is_closed: whether that is closed; sources: kind, has_workflow and status from which one may move there, as JSON.
-- department_id, crew_id: to give to, or null.  note, public_note: for colleagues, for all who may see the report; or null.
WITH asked AS (
  SELECT *
    FROM unnest(:ids::uuid[], :seen_ats::timestamptz[]) WITH ORDINALITY AS a (id, seen_at, n)
),
source AS (
  SELECT *
    FROM jsonb_to_recordset(:sources::jsonb) AS s (kind text, has_workflow boolean, status text)
),
locked AS MATERIALIZED (
  SELECT r.id, r.status, r.closed_at, r.answered_at, r.due_at, r.department_id, r.crew_id, r.is_assigned_by_hand,
         r.is_public, r.main_id, r.updated_at, (:allowed) AS is_allowed, c.kind, c.has_workflow
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   WHERE r.id = ANY (:ids::uuid[])
     AND :seen
   ORDER BY r.id
     FOR UPDATE OF r
),
judged AS MATERIALIZED (
  SELECT a.n, a.id AS asked_id, l.*,
         CASE WHEN l.id IS NULL THEN 'not_found'
              WHEN NOT l.is_allowed THEN 'not_allowed'
              WHEN l.updated_at <> a.seen_at THEN 'stale'
              WHEN :status::text IS NULL THEN 'done'
              WHEN l.main_id IS NOT NULL THEN 'merged'
              WHEN (l.kind, l.has_workflow, l.status) NOT IN (SELECT kind, has_workflow, status FROM source) THEN 'move_not_allowed'
              ELSE 'done' END AS outcome
    FROM asked AS a
    LEFT JOIN locked AS l ON l.id = a.id
),
target AS MATERIALIZED (
  SELECT id, status, closed_at, answered_at, due_at, department_id, crew_id, is_assigned_by_hand,
         :public_note::text AS public_note, true AS is_asked
    FROM judged
   WHERE outcome = 'done'
   UNION ALL
  -- What is treated together with it goes along when it closes or opens again, as when one alone is moved.
  SELECT m.id, m.status, m.closed_at, m.answered_at, m.due_at, m.department_id, m.crew_id, m.is_assigned_by_hand,
         CASE WHEN j.is_public THEN :public_note::text END, false
    FROM judged AS j
    JOIN report AS m ON m.main_id = j.id
   WHERE j.outcome = 'done'
     AND :status::text IS NOT NULL
     AND (:is_closed::boolean OR j.closed_at IS NOT NULL)
),
action AS (
  INSERT INTO report_bulk (id, actor_id, action)
  SELECT :bulk_id::uuid, :actor_id::bigint, CASE WHEN :status::text IS NULL THEN 'assign' ELSE 'status' END
   WHERE EXISTS (SELECT FROM target)
),
kept AS (
  INSERT INTO report_bulk_item (bulk_id, report_id, status, closed_at, answered_at, due_at, department_id, crew_id, is_assigned_by_hand)
  SELECT :bulk_id::uuid, id, status, closed_at, answered_at, due_at, department_id, crew_id, is_assigned_by_hand
    FROM target
),
changed AS (
  UPDATE report AS r
     SET status = COALESCE(:status::text, r.status),
         closed_at = CASE WHEN :status::text IS NULL THEN r.closed_at WHEN :is_closed::boolean THEN now() END,
         answered_at = CASE WHEN :status::text IS NULL THEN r.answered_at ELSE COALESCE(r.answered_at, now()) END,
         department_id = COALESCE(:department_id::bigint, r.department_id),
         crew_id = CASE WHEN :department_id::bigint IS NULL THEN r.crew_id ELSE :crew_id::bigint END,
         is_assigned_by_hand = r.is_assigned_by_hand OR :department_id::bigint IS NOT NULL,
         updated_at = now()
    FROM target AS t
   WHERE r.id = t.id
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status, department_id, crew_id, note, actor_id, is_public)
  SELECT id, kind, status, department_id, crew_id, note, :actor_id::bigint, is_public
    FROM (SELECT id, 1 AS nth, CASE WHEN :status::text IS NULL THEN 'assigned' ELSE 'status' END AS kind, :status::text AS status,
                 :department_id::bigint AS department_id, :crew_id::bigint AS crew_id, public_note AS note, true AS is_public
            FROM target
           UNION ALL
          SELECT id, 2, 'note', NULL, NULL, NULL, :note::text, false
            FROM target
           WHERE is_asked
             AND :note::text IS NOT NULL) AS entry
   ORDER BY nth, id
),
told AS (
  INSERT INTO event (type, subject_id, actor_id, payload)
  SELECT 'report.changed', id::text, :actor_id::bigint, jsonb_build_object('action', 'bulk', 'bulk', :bulk_id::text)
    FROM target
)
SELECT j.asked_id AS id, k.protocol, j.outcome
  FROM judged AS j
  LEFT JOIN case_record AS k ON k.id = j.id
 ORDER BY j.n
