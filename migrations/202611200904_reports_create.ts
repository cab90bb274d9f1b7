import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE category (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug          text NOT NULL UNIQUE,
  title         jsonb NOT NULL,
  description   jsonb NOT NULL,
  parent_id     bigint REFERENCES category,
  department_id bigint REFERENCES department,
  icon          text NOT NULL,
  colour        text NOT NULL,
  keywords      text[] NOT NULL DEFAULT '{}',
  is_public     boolean NOT NULL DEFAULT true,
  working_days  int NOT NULL CHECK (working_days > 0)
);
COMMENT ON TABLE  category IS 'What can be reported; a row without parent is a group';
COMMENT ON COLUMN category.id IS 'Key, and order in lists';
COMMENT ON COLUMN category.slug IS 'Stable name';
COMMENT ON COLUMN category.title IS 'Title, {el, en}';
COMMENT ON COLUMN category.description IS 'What it is for, {el, en}';
COMMENT ON COLUMN category.parent_id IS 'Group';
COMMENT ON COLUMN category.department_id IS 'Answers when no rule does';
COMMENT ON COLUMN category.icon IS 'Name of a lucide icon';
COMMENT ON COLUMN category.colour IS 'CSS colour';
COMMENT ON COLUMN category.keywords IS 'Words people type';
COMMENT ON COLUMN category.is_public IS 'False: only staff and the reporter see its reports';
COMMENT ON COLUMN category.working_days IS 'Promise: working days to resolution';

CREATE TABLE routing_rule (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug          text NOT NULL UNIQUE,
  title         jsonb NOT NULL,
  category_id   bigint REFERENCES category,
  area_layer    text,
  area_slug     text,
  department_id bigint NOT NULL REFERENCES department,
  crew_id       bigint,
  rank          int NOT NULL DEFAULT 100,
  valid_from    timestamptz,
  valid_to      timestamptz,
  FOREIGN KEY (crew_id, department_id) REFERENCES crew (id, department_id),
  CHECK ((area_layer IS NULL) = (area_slug IS NULL))
);
COMMENT ON TABLE  routing_rule IS 'Category and area to department and crew; deepest category, then smallest area, then rank, then slug';
COMMENT ON COLUMN routing_rule.id IS 'Key';
COMMENT ON COLUMN routing_rule.slug IS 'Stable name; the last tie-breaker';
COMMENT ON COLUMN routing_rule.title IS 'Title, {el, en}';
COMMENT ON COLUMN routing_rule.category_id IS 'Category or group; null: any';
COMMENT ON COLUMN routing_rule.area_layer IS 'Layer of the area; null: anywhere';
COMMENT ON COLUMN routing_rule.area_slug IS 'Key of the area in its layer';
COMMENT ON COLUMN routing_rule.department_id IS 'Who answers';
COMMENT ON COLUMN routing_rule.crew_id IS 'Who goes; null: the department decides';
COMMENT ON COLUMN routing_rule.rank IS 'Lower goes first among equals';
COMMENT ON COLUMN routing_rule.valid_from IS 'Counts from then on; null: always did';
COMMENT ON COLUMN routing_rule.valid_to IS 'Counts until before then; null: for good';

CREATE TABLE report (
  id              uuid PRIMARY KEY REFERENCES case_record ON DELETE CASCADE,
  category_id     bigint NOT NULL REFERENCES category,
  status          text NOT NULL CHECK (status IN ('submitted', 'acknowledged', 'in_progress', 'resolved', 'rejected')),
  description     text NOT NULL,
  contact         jsonb,
  channel         text NOT NULL CHECK (channel IN ('web', 'phone', 'app', 'desk')),
  is_public       boolean NOT NULL,
  geom            geometry(Point, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  place           jsonb NOT NULL,
  district        text,
  department_id   bigint REFERENCES department,
  crew_id         bigint REFERENCES crew,
  routing         jsonb,
  is_assigned_by_hand boolean NOT NULL DEFAULT false,
  follow_token    text NOT NULL UNIQUE,
  idempotency_key text UNIQUE,
  request_hash    text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  due_at          timestamptz NOT NULL,
  closed_at       timestamptz
);
-- maps, "what is here" and duplicate hints
CREATE INDEX report_geom ON report USING gist (geom);
-- the public list and the inboxes, newest first by keyset (created_at, id)
CREATE INDEX report_created ON report (created_at DESC, id DESC);
CREATE INDEX report_department ON report (department_id, created_at DESC, id DESC);
CREATE INDEX report_crew ON report (crew_id, created_at DESC, id DESC) WHERE crew_id IS NOT NULL;
-- what is open, and what is overdue
CREATE INDEX report_open ON report (due_at) WHERE closed_at IS NULL;
COMMENT ON TABLE  report IS 'What a person says is wrong somewhere';
COMMENT ON COLUMN report.id IS 'Key, shared with case_record';
COMMENT ON COLUMN report.category_id IS 'What it is';
COMMENT ON COLUMN report.status IS 'State; resolved and rejected are closed';
COMMENT ON COLUMN report.description IS 'Words of the citizen';
COMMENT ON COLUMN report.contact IS 'Name, e-mail, telephone, as far as given; personal data';
COMMENT ON COLUMN report.channel IS 'How it came';
COMMENT ON COLUMN report.is_public IS 'Copied from the category when it came';
COMMENT ON COLUMN report.geom IS 'Where; EPSG:4326';
COMMENT ON COLUMN report.place IS 'Municipality, unit, district, school zones, block, nearest address when it came';
COMMENT ON COLUMN report.district IS 'Slug of the district';
COMMENT ON COLUMN report.department_id IS 'Who answers for it now';
COMMENT ON COLUMN report.crew_id IS 'Who goes';
COMMENT ON COLUMN report.routing IS 'The decision: candidates in order and why the first won';
COMMENT ON COLUMN report.is_assigned_by_hand IS 'True: re-routing leaves it alone';
COMMENT ON COLUMN report.follow_token IS 'Secret part of the private link';
COMMENT ON COLUMN report.idempotency_key IS 'From the Idempotency-Key header';
COMMENT ON COLUMN report.request_hash IS 'SHA-256 of the request, to tell a repeat from a misuse of the key';
COMMENT ON COLUMN report.created_at IS 'When it came';
COMMENT ON COLUMN report.updated_at IS 'Last change';
COMMENT ON COLUMN report.due_at IS 'Promised date';
COMMENT ON COLUMN report.closed_at IS 'When it was resolved or rejected';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
