-- Puts a locked, open report right: its category, its place, who may see it; with story and news. Who answers for it follows the
-- rules, unless somebody has given it away by hand or it is in work already.
-- id: of the report.  category_id, is_public, lon, lat, shape, place, district: as they are to be; degrees (EPSG:4326).
-- department_id, crew_id, routing: by the rules.  due_at, answer_due_at: promised from when it came; null: stays.
-- asset_layer: of the category; another place or category lets the thing go.  is_moved: the place is another.
-- note: for all who may see it, or null.  actor_id: account.
WITH held AS (
  SELECT r.id,
         r.is_assigned_by_hand
         OR EXISTS (SELECT FROM work_order_answer AS o JOIN work_order AS w ON w.id = o.work_order_id
                     WHERE o.report_id = r.id AND w.status <> 'cancelled') AS stays,
         (:asset_layer::text IS DISTINCT FROM r.asset_layer OR :is_moved::boolean) AS leaves_asset
    FROM report AS r
   WHERE r.id = :id::uuid
),
right_ AS (
  UPDATE report AS r
     SET category_id = :category_id::bigint,
         is_public = :is_public::boolean,
         geom = ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326),
         shape = CASE WHEN :shape::text IS NOT NULL THEN ST_SetSRID(ST_GeomFromGeoJSON(:shape::text), 4326) END,
         place = :place::jsonb,
         district = :district::text,
         asset_layer = CASE WHEN NOT h.leaves_asset THEN r.asset_layer END,
         asset_key = CASE WHEN NOT h.leaves_asset THEN r.asset_key END,
         department_id = CASE WHEN h.stays THEN r.department_id ELSE :department_id::bigint END,
         crew_id = CASE WHEN h.stays THEN r.crew_id ELSE :crew_id::bigint END,
         routing = CASE WHEN h.stays THEN r.routing ELSE :routing::jsonb END,
         due_at = COALESCE(:due_at::timestamptz, r.due_at),
         answer_due_at = COALESCE(:answer_due_at::timestamptz, r.answer_due_at),
         updated_at = now()
    FROM held AS h
   WHERE r.id = h.id
  RETURNING r.id, r.department_id, r.crew_id
),
told AS (
  INSERT INTO timeline_entry (case_id, kind, department_id, crew_id, note, actor_id)
  SELECT id, 'rectified', department_id, crew_id, :note::text, :actor_id::bigint FROM right_
)
INSERT INTO event (type, subject_id, actor_id, payload)
SELECT 'report.changed', id::text, :actor_id::bigint, jsonb_build_object('action', 'rectified') FROM right_
