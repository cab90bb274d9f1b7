import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE work_order (
  id            uuid PRIMARY KEY REFERENCES case_record ON DELETE CASCADE,
  task          text NOT NULL,
  status        text NOT NULL CHECK (status IN ('draft', 'planned', 'under_way', 'done', 'not_possible', 'cancelled')),
  priority      text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  geom          geometry(Point, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  place         jsonb NOT NULL,
  is_public     boolean NOT NULL,
  department_id bigint NOT NULL REFERENCES department,
  crew_id       bigint,
  day_on        date,
  tour_position int,
  materials     text,
  cost_cents    bigint CHECK (cost_cents >= 0),
  spent_min     int CHECK (spent_min >= 0),
  outcome       text,
  started_at    timestamptz,
  finished_at   timestamptz,
  version       int NOT NULL DEFAULT 1,
  created_by    bigint REFERENCES account ON DELETE SET NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (crew_id, department_id) REFERENCES crew (id, department_id),
  CHECK (status <> 'planned' OR (crew_id IS NOT NULL AND day_on IS NOT NULL)),
  CHECK ((tour_position IS NULL) = (crew_id IS NULL OR day_on IS NULL))
);
-- the map, and orders near a report
CREATE INDEX work_order_geom ON work_order USING gist (geom);
-- lists, newest first by keyset (created_at, id): all, of a department, of a crew
CREATE INDEX work_order_created ON work_order (created_at DESC, id DESC);
CREATE INDEX work_order_department ON work_order (department_id, created_at DESC, id DESC);
CREATE INDEX work_order_crew ON work_order (crew_id, created_at DESC, id DESC) WHERE crew_id IS NOT NULL;
-- a day's tours in their order, and its renumbering
CREATE INDEX work_order_tour ON work_order (day_on, crew_id, tour_position) WHERE day_on IS NOT NULL;
-- what is still to be planned
CREATE INDEX work_order_draft ON work_order (created_at DESC, id DESC) WHERE status = 'draft';
COMMENT ON TABLE  work_order IS 'What a crew does at a place; a report is what somebody says about one';
COMMENT ON COLUMN work_order.id IS 'Key, shared with case_record';
COMMENT ON COLUMN work_order.task IS 'What is to be done';
COMMENT ON COLUMN work_order.status IS 'State; draft: not yet on the tour of a crew';
COMMENT ON COLUMN work_order.priority IS 'low, normal, high or urgent';
COMMENT ON COLUMN work_order.geom IS 'Where; EPSG:4326';
COMMENT ON COLUMN work_order.place IS 'Municipality, unit, district, block, nearest address when it was made';
COMMENT ON COLUMN work_order.is_public IS 'False: it belongs to a private report, and only the department that answers sees it';
COMMENT ON COLUMN work_order.department_id IS 'Who answers for it';
COMMENT ON COLUMN work_order.crew_id IS 'Who goes';
COMMENT ON COLUMN work_order.day_on IS 'Day on which the crew goes, Europe/Athens';
COMMENT ON COLUMN work_order.tour_position IS 'Place in the tour of the crew on that day, from 1';
COMMENT ON COLUMN work_order.materials IS 'Materials used, in words';
COMMENT ON COLUMN work_order.cost_cents IS 'Cost, euro cents';
COMMENT ON COLUMN work_order.spent_min IS 'Time spent, minutes';
COMMENT ON COLUMN work_order.outcome IS 'What the crew said when it finished; the reason where it was not possible or was cancelled';
COMMENT ON COLUMN work_order.started_at IS 'When the crew arrived';
COMMENT ON COLUMN work_order.finished_at IS 'When it was done, not possible or cancelled';
COMMENT ON COLUMN work_order.version IS 'Counts changes; an edit says which one it has seen';
COMMENT ON COLUMN work_order.created_by IS 'Who made it';
COMMENT ON COLUMN work_order.created_at IS 'When it was made';
COMMENT ON COLUMN work_order.updated_at IS 'Last change';

CREATE TABLE work_order_report (
  work_order_id uuid NOT NULL REFERENCES work_order ON DELETE CASCADE,
  report_id     uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  attached_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (work_order_id, report_id)
);
-- the work orders of a report
CREATE INDEX work_order_report_of ON work_order_report (report_id);
COMMENT ON TABLE  work_order_report IS 'Which reports a work order answers: many to many';
COMMENT ON COLUMN work_order_report.work_order_id IS 'The work order';
COMMENT ON COLUMN work_order_report.report_id IS 'The report';
COMMENT ON COLUMN work_order_report.attached_at IS 'When';

CREATE TABLE work_order_photo (
  photo_id      uuid PRIMARY KEY REFERENCES attachment ON UPDATE CASCADE ON DELETE CASCADE,
  work_order_id uuid NOT NULL REFERENCES work_order ON DELETE CASCADE,
  moment        text NOT NULL CHECK (moment IN ('before', 'after'))
);
CREATE INDEX work_order_photo_of ON work_order_photo (work_order_id);
COMMENT ON TABLE  work_order_photo IS 'Photos that the crew took; for staff only';
COMMENT ON COLUMN work_order_photo.photo_id IS 'The photo';
COMMENT ON COLUMN work_order_photo.work_order_id IS 'The work order';
COMMENT ON COLUMN work_order_photo.moment IS 'Before or after the work';

CREATE TABLE work_act (
  work_order_id   uuid NOT NULL REFERENCES work_order ON DELETE CASCADE,
  idempotency_key text NOT NULL,
  request_hash    text NOT NULL,
  act             text NOT NULL CHECK (act IN ('arrive', 'done', 'not_possible', 'note')),
  happened_at     timestamptz NOT NULL,
  came_at         timestamptz NOT NULL DEFAULT now(),
  actor_id        bigint REFERENCES account ON DELETE SET NULL,
  refusal         text CHECK (refusal IN ('finished', 'cancelled', 'given_away')),
  PRIMARY KEY (work_order_id, idempotency_key)
);
COMMENT ON TABLE  work_act IS 'What a crew said it did, as it came, perhaps hours later; append-only';
COMMENT ON COLUMN work_act.work_order_id IS 'The work order';
COMMENT ON COLUMN work_act.idempotency_key IS 'Chosen by the phone: the same key twice is the same act';
COMMENT ON COLUMN work_act.request_hash IS 'SHA-256 of the act, to tell a repeat from a misuse of the key';
COMMENT ON COLUMN work_act.act IS 'What was done';
COMMENT ON COLUMN work_act.happened_at IS 'When it was done, by the clock of the phone, but never after it came';
COMMENT ON COLUMN work_act.came_at IS 'When it reached us';
COMMENT ON COLUMN work_act.actor_id IS 'Who';
COMMENT ON COLUMN work_act.refusal IS 'Why it changed nothing; null: it counted';

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'refused'));
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
