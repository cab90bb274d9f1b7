-- Numbers and stores one report with its timeline and event, all in one statement.
-- The number is drawn here, at the end of the transaction, so that its row is locked as briefly as can be.
-- lon, lat: degrees, EPSG:4326.  shape: the whole line or area as GeoJSON, or null.
-- asset_layer: of the category.  asset: key of the thing that it is about, or null.  year: of the protocol series, Europe/Athens.
WITH drawn AS (
  INSERT INTO protocol_series AS s (municipality, year, last_number)
  VALUES (:municipality::text, :year::int, 1)
      ON CONFLICT (municipality, year) DO UPDATE SET last_number = s.last_number + 1
  RETURNING last_number
),
record AS (
  INSERT INTO case_record (id, kind, municipality, year, number)
  SELECT :id::uuid, 'report', :municipality::text, :year::int, last_number
    FROM drawn
  RETURNING id, protocol
),
stored AS (
  INSERT INTO report (id, category_id, status, description, contact, channel, is_public, geom, shape, asset_layer, asset_key, place, district, department_id,
                      crew_id, routing, follow_token, idempotency_key, request_hash, reporter_id, sender_id, form_id, answers, language,
                      created_at, updated_at, due_at, answer_due_at)
  SELECT id, :category_id::bigint, 'submitted', :description::text, :contact::jsonb, :channel::text, :is_public::boolean,
         ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326),
         -- RFC 7946, 3.1.6: rings counter-clockwise. Lines it would turn round.
         CASE ST_Dimension(given.shape) WHEN 2 THEN ST_ForcePolygonCCW(given.shape) ELSE given.shape END,
         CASE WHEN :asset::text IS NOT NULL THEN :asset_layer::text END, :asset::text, :place::jsonb, :district::text, :department_id::bigint,
         :crew_id::bigint, :routing::jsonb, :follow_token::text, :idempotency_key::text, :request_hash::text, :reporter_id::bigint, :sender_id::bigint,
         :form_id::bigint, :answers::jsonb, :language::text,
         :now::timestamptz, :now::timestamptz, :due_at::timestamptz, :answer_due_at::timestamptz
    FROM record
   CROSS JOIN (SELECT ST_SetSRID(ST_GeomFromGeoJSON(:shape::text), 4326) AS shape) AS given
  RETURNING lookup_code
),
timeline AS (
  INSERT INTO timeline_entry (case_id, at, kind, status, department_id, crew_id)
  SELECT id, :now::timestamptz, 'submitted', 'submitted', :department_id::bigint, :crew_id::bigint
    FROM record
),
photos AS (
  UPDATE attachment
     SET case_id = :id::uuid
   WHERE id = ANY (:photos::uuid[])
     AND case_id IS NULL
     AND EXISTS (SELECT FROM record)
  RETURNING id
),
told AS (
  INSERT INTO event (type, subject_id, payload)
  SELECT 'report.created', id::text, jsonb_build_object('protocol', protocol)
    FROM record
)
SELECT protocol,
       (SELECT lookup_code FROM stored) AS lookup_code,
       (SELECT count(*)::int FROM photos) AS photo_count
  FROM record
