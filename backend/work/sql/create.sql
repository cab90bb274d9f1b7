-- Numbers and stores a work order with the first entries of its story, all in one statement.
-- lon, lat: degrees, EPSG:4326.  year: of the protocol series, Europe/Athens.  crew_id: or null.
-- planned_min: minutes.  load_units: of the vehicle.  window_from, window_to: times of the day, Europe/Athens, or null.
WITH drawn AS (
  INSERT INTO protocol_series AS s (municipality, year, last_number)
  VALUES (:municipality::text, :year::int, 1)
      ON CONFLICT (municipality, year) DO UPDATE SET last_number = s.last_number + 1
  RETURNING last_number
),
record AS (
  INSERT INTO case_record (id, kind, municipality, year, number)
  SELECT :id::uuid, 'work_order', :municipality::text, :year::int, last_number
    FROM drawn
  RETURNING id
),
stored AS (
  INSERT INTO work_order (id, task, status, priority, geom, place, is_public, department_id, crew_id, created_by,
                          planned_min, load_units, window_from, window_to)
  SELECT id, :task::text, 'draft', :priority::text, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326), :place::jsonb,
         true, :department_id::bigint, :crew_id::bigint, :actor_id::bigint,
         :planned_min::int, :load_units::int, :window_from::time, :window_to::time
    FROM record
)
INSERT INTO timeline_entry (case_id, kind, status, department_id, crew_id, actor_id, is_public)
SELECT id, 'submitted', 'draft', :department_id::bigint, :crew_id::bigint, :actor_id::bigint, false
  FROM record
