-- Stores a batch of past reports with their protocol numbers and timelines.
-- rows: jsonb array in the order in which they came; lon, lat in degrees, EPSG:4326.
WITH past AS (
  SELECT *, extract(year FROM created_at AT TIME ZONE 'Europe/Athens')::int AS year
    FROM jsonb_to_recordset(:rows::jsonb) AS p (
           id uuid, lon float8, lat float8, municipality text, category_id bigint, department_id bigint, crew_id bigint,
           is_public boolean, status text, channel text, description text, place jsonb, district text, routing jsonb,
           asset_layer text, asset_key text,
           follow_token text, created_at timestamptz, acknowledged_at timestamptz, due_at timestamptz, answer_due_at timestamptz, closed_at timestamptz)
),
counted AS (
  SELECT municipality, year, count(*)::int AS reports
    FROM past
   GROUP BY municipality, year
),
drawn AS (
  INSERT INTO protocol_series AS s (municipality, year, last_number)
  SELECT municipality, year, reports
    FROM counted
      ON CONFLICT (municipality, year) DO UPDATE SET last_number = s.last_number + EXCLUDED.last_number
  RETURNING municipality, year, last_number
),
record AS (
  INSERT INTO case_record (id, kind, municipality, year, number)
  SELECT p.id, 'report', p.municipality, p.year,
         d.last_number - c.reports + row_number() OVER (PARTITION BY p.municipality, p.year ORDER BY p.created_at, p.id)
    FROM past AS p
    JOIN drawn AS d USING (municipality, year)
    JOIN counted AS c USING (municipality, year)
),
stored AS (
  INSERT INTO report (id, category_id, status, description, channel, is_public, geom, asset_layer, asset_key, place, district, department_id, crew_id,
                      routing, follow_token, created_at, updated_at, answered_at, due_at, answer_due_at, closed_at)
  SELECT id, category_id, status, description, channel, is_public, ST_SetSRID(ST_MakePoint(lon, lat), 4326), asset_layer, asset_key, place, district,
         department_id, crew_id, routing, follow_token, created_at, COALESCE(closed_at, acknowledged_at, created_at),
         COALESCE(acknowledged_at, closed_at), due_at, answer_due_at, closed_at
    FROM past
)
INSERT INTO timeline_entry (case_id, at, kind, status, department_id, crew_id)
SELECT p.id, step.at, step.kind, step.status, p.department_id, p.crew_id
  FROM past AS p
 CROSS JOIN LATERAL (VALUES (p.created_at, 'submitted', 'submitted'),
                            (p.acknowledged_at, 'status', 'acknowledged'),
                            (CASE WHEN p.status = 'in_progress' THEN COALESCE(p.acknowledged_at, p.created_at) END, 'status', 'in_progress'),
                            (p.closed_at, 'status', p.status)) AS step (at, kind, status)
 WHERE step.at IS NOT NULL
 ORDER BY p.created_at, p.id, step.at
