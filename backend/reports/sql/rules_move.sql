-- Gives reports to whom the rules say now (routed: see replay.ts), where that is somebody else, with story and news; how many moved.
-- actor: account that published the rules, or asked for it.  reason: its words, kept in each decision; null: rules were published.
WITH changed AS MATERIALIZED (
  SELECT id, to_department_id, to_crew_id, jsonb_build_object('candidates', candidates, 'moved', jsonb_build_object('at', now(), 'reason', :reason::text)) AS routing
    FROM routed
   WHERE (department_id, crew_id) IS DISTINCT FROM (to_department_id, to_crew_id)
),
moved AS (
  UPDATE report AS p
     SET department_id = c.to_department_id, crew_id = c.to_crew_id, routing = c.routing, updated_at = now()
    FROM changed AS c
   WHERE p.id = c.id
     AND p.status IN ('submitted', 'acknowledged')
     AND NOT p.is_assigned_by_hand
  RETURNING p.id, p.department_id, p.crew_id
),
told AS (
  INSERT INTO timeline_entry (case_id, kind, department_id, crew_id, actor_id)
  SELECT id, 'assigned', department_id, crew_id, :actor::bigint FROM moved
),
heard AS (
  INSERT INTO event (type, subject_id, actor_id, payload)
  SELECT 'report.changed', id::text, :actor::bigint, jsonb_build_object('action', 'rerouted') FROM moved
)
SELECT count(*)::int AS n FROM moved
