import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE protocol_series (
  municipality text NOT NULL,
  year         int  NOT NULL,
  last_number  int  NOT NULL,
  PRIMARY KEY (municipality, year)
);
COMMENT ON TABLE  protocol_series IS 'Last protocol number of a municipality and year; the row lock until commit keeps numbers gap-free';
COMMENT ON COLUMN protocol_series.municipality IS 'Slug of the municipality';
COMMENT ON COLUMN protocol_series.year IS 'Calendar year in Europe/Athens';
COMMENT ON COLUMN protocol_series.last_number IS 'Last number given';

CREATE TABLE case_record (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind         text NOT NULL,
  municipality text NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL CHECK (number > 0),
  protocol     text NOT NULL GENERATED ALWAYS AS (year::text || '/' || lpad(number::text, 6, '0')) STORED,
  UNIQUE (municipality, year, number)
);
CREATE INDEX case_record_protocol ON case_record (protocol);
COMMENT ON TABLE  case_record IS 'Anything that gets a protocol number, a timeline and attachments';
COMMENT ON COLUMN case_record.id IS 'Key, shared with the table of its kind';
COMMENT ON COLUMN case_record.kind IS 'Which table holds the rest, e.g. report';
COMMENT ON COLUMN case_record.municipality IS 'Slug of the municipality that numbers it';
COMMENT ON COLUMN case_record.year IS 'Year of the series, Europe/Athens';
COMMENT ON COLUMN case_record.number IS 'Number in the series';
COMMENT ON COLUMN case_record.protocol IS 'YYYY/NNNNNN, as people read it';

CREATE TABLE timeline_entry (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id       uuid NOT NULL REFERENCES case_record ON DELETE CASCADE,
  at            timestamptz NOT NULL DEFAULT now(),
  kind          text NOT NULL CHECK (kind IN ('submitted', 'status', 'assigned', 'note')),
  status        text,
  department_id bigint REFERENCES department,
  crew_id       bigint REFERENCES crew,
  note          text,
  actor_id      bigint REFERENCES account ON DELETE SET NULL,
  is_public     boolean NOT NULL DEFAULT true
);
CREATE INDEX timeline_entry_case ON timeline_entry (case_id, id);
COMMENT ON TABLE  timeline_entry IS 'What happened to a case, as told to people; append-only';
COMMENT ON COLUMN timeline_entry.id IS 'Order';
COMMENT ON COLUMN timeline_entry.case_id IS 'The case';
COMMENT ON COLUMN timeline_entry.at IS 'When';
COMMENT ON COLUMN timeline_entry.kind IS 'What kind of step';
COMMENT ON COLUMN timeline_entry.status IS 'State from then on';
COMMENT ON COLUMN timeline_entry.department_id IS 'Department from then on';
COMMENT ON COLUMN timeline_entry.crew_id IS 'Crew from then on';
COMMENT ON COLUMN timeline_entry.note IS 'Words of the municipality';
COMMENT ON COLUMN timeline_entry.actor_id IS 'Member of staff; null: reporter or system';
COMMENT ON COLUMN timeline_entry.is_public IS 'False: only staff read it';

CREATE TABLE attachment (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  case_id     uuid REFERENCES case_record ON DELETE CASCADE,
  width_px    int NOT NULL,
  height_px   int NOT NULL,
  size_bytes  int NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attachment_case ON attachment (case_id);
COMMENT ON TABLE  attachment IS 'A photo, re-encoded and without metadata; the file is in DATA_DIR/photos/<id>.jpg';
COMMENT ON COLUMN attachment.id IS 'Key and file name';
COMMENT ON COLUMN attachment.case_id IS 'The case; null: uploaded and not yet sent';
COMMENT ON COLUMN attachment.width_px IS 'Pixels';
COMMENT ON COLUMN attachment.height_px IS 'Pixels';
COMMENT ON COLUMN attachment.size_bytes IS 'Bytes';
COMMENT ON COLUMN attachment.created_at IS 'When';

-- Easter Sunday of the Orthodox churches as a Gregorian date, 1900-2099: Meeus, Astronomical Algorithms, ch. 8 (Julian), plus 13 days.
CREATE FUNCTION orthodox_easter(year int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT make_date(year, (d + e + 114) / 31, (d + e + 114) % 31 + 1) + 13
    FROM (SELECT (19 * (year % 19) + 15) % 30 AS d) AS moon,
  LATERAL (SELECT (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7 AS e) AS sunday
$$;
COMMENT ON FUNCTION orthodox_easter(int) IS 'Orthodox Easter Sunday, valid 1900-2099';

CREATE FUNCTION is_working_day(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT extract(isodow FROM day) < 6
     AND to_char(day, 'MMDD') NOT IN ('0101', '0106', '0325', '0501', '0815', '1028', '1225', '1226')
     AND day - orthodox_easter(extract(year FROM day)::int) NOT IN (-48, -2, 1, 50)
$$;
COMMENT ON FUNCTION is_working_day(date) IS 'Monday to Friday and no public holiday of Greece (fixed days, Clean Monday, Good Friday, Easter Monday, Whit Monday)';

CREATE FUNCTION add_working_days(start_at timestamptz, days int) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT ((max(day) + time '23:59:59') AT TIME ZONE 'Europe/Athens')
    FROM (SELECT day::date AS day
            FROM generate_series(1, days * 2 + 30) AS step,
         LATERAL (SELECT (start_at AT TIME ZONE 'Europe/Athens')::date + step AS day) AS next
           WHERE is_working_day(day)
           ORDER BY day
           LIMIT greatest(days, 1)) AS working
$$;
COMMENT ON FUNCTION add_working_days(timestamptz, int) IS 'End of the n-th working day after the day of start_at, Europe/Athens';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
