-- Reports that are treated together with a main one go where it goes, when that closes or opens again.
-- main_id: of the main report.  status, note: from then on; is_closed: whether that is closed.  actor_id: who, or null.
WITH moved AS (
  UPDATE report
     SET status = :status::text,
         updated_at = now(),
         answered_at = COALESCE(answered_at, now()),
         closed_at = CASE WHEN :is_closed::boolean THEN now() END
   WHERE main_id = :main_id::uuid
  RETURNING id
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, status, note, actor_id)
  SELECT id, 'status', :status::text, :note::text, :actor_id::bigint
    FROM moved
)
INSERT INTO event (type, subject_id, actor_id, payload)
SELECT 'report.changed', id::text, :actor_id::bigint, jsonb_build_object('to', :status::text, 'with', :main_id::text)
  FROM moved
