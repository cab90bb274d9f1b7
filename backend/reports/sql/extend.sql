-- Lets a report that closes by itself soon stay open: its days count anew from now.
-- id: of the report.  actor_id: member of staff, or null: somebody who follows it.
WITH soon AS (
  SELECT report_id
    FROM report_expiry
   WHERE report_id = :id::uuid
     AND notice_at < now()
),
timeline AS (
  INSERT INTO timeline_entry (case_id, kind, actor_id)
  SELECT report_id, 'extended', :actor_id::bigint
    FROM soon
)
-- updated_at stays: nothing that open data show has changed, and nobody's form is thrown away.
INSERT INTO event (type, subject_id, actor_id, payload)
SELECT 'report.changed', report_id::text, :actor_id::bigint, jsonb_build_object('action', 'extended')
  FROM soon
RETURNING id
