import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE skill (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug  text NOT NULL UNIQUE,
  title jsonb NOT NULL
);
COMMENT ON TABLE  skill IS 'What a crew can do and some work needs: lifting gear, electricity, tree felling';
COMMENT ON COLUMN skill.id IS 'Key';
COMMENT ON COLUMN skill.slug IS 'Stable name';
COMMENT ON COLUMN skill.title IS 'Title, {el, en}';

ALTER TABLE crew
  ADD COLUMN vehicle    text,
  ADD COLUMN load_units int CHECK (load_units > 0),
  ADD COLUMN shift_from time NOT NULL DEFAULT '07:00',
  ADD COLUMN shift_to   time NOT NULL DEFAULT '15:00',
  ADD COLUMN weekdays   smallint[] NOT NULL DEFAULT '{1,2,3,4,5}' CHECK (weekdays <@ '{1,2,3,4,5,6,7}'),
  ADD COLUMN depot      geometry(Point, 4326) CHECK (ST_IsValid(depot)),
  ADD COLUMN is_active  boolean NOT NULL DEFAULT true,
  ADD COLUMN version    int NOT NULL DEFAULT 1,
  ADD CONSTRAINT crew_shift CHECK (shift_to > shift_from);
CREATE INDEX crew_depot ON crew USING gist (depot);
COMMENT ON COLUMN crew.vehicle IS 'What it goes with, in words';
COMMENT ON COLUMN crew.load_units IS 'What the vehicle carries in a day, in units of load: an ordinary order is one; null: no limit';
COMMENT ON COLUMN crew.shift_from IS 'When its shift begins, Europe/Athens';
COMMENT ON COLUMN crew.shift_to IS 'When it is back at the depot, Europe/Athens, the same day';
COMMENT ON COLUMN crew.weekdays IS 'Days on which it works; ISO 8601: 1 is Monday';
COMMENT ON COLUMN crew.depot IS 'Where its tour begins and ends, EPSG:4326; null: at the first and the last stop';
COMMENT ON COLUMN crew.is_active IS 'False: no day is planned for it';
COMMENT ON COLUMN crew.version IS 'Counts changes; an edit says which one it has seen';

CREATE TABLE crew_skill (
  crew_id  bigint NOT NULL REFERENCES crew ON DELETE CASCADE,
  skill_id bigint NOT NULL REFERENCES skill,
  PRIMARY KEY (crew_id, skill_id)
);
-- whether a skill is still needed by somebody
CREATE INDEX crew_skill_of ON crew_skill (skill_id);
COMMENT ON TABLE  crew_skill IS 'What a crew can do';
COMMENT ON COLUMN crew_skill.crew_id IS 'The crew';
COMMENT ON COLUMN crew_skill.skill_id IS 'The skill';

ALTER TABLE work_order
  ADD COLUMN planned_min int NOT NULL DEFAULT 30 CHECK (planned_min BETWEEN 1 AND 1440),
  ADD COLUMN load_units  int NOT NULL DEFAULT 1 CHECK (load_units >= 0),
  ADD COLUMN window_from time,
  ADD COLUMN window_to   time,
  ADD COLUMN planned_at  timestamptz,
  ADD CONSTRAINT work_order_window CHECK (window_to > window_from);
-- what work of a category has taken lately
CREATE INDEX work_order_done ON work_order (finished_at DESC) WHERE status = 'done' AND spent_min > 0;
COMMENT ON COLUMN work_order.planned_min IS 'How long it is expected to take, minutes';
COMMENT ON COLUMN work_order.load_units IS 'What it takes of the load of the vehicle, units';
COMMENT ON COLUMN work_order.window_from IS 'Not to be begun before this time of the day, Europe/Athens; null: any time';
COMMENT ON COLUMN work_order.window_to IS 'To be begun by this time of the day, Europe/Athens; null: any time';
COMMENT ON COLUMN work_order.planned_at IS 'When the crew is expected there, by the plan of the day; null: none, or the tour was changed by hand';

CREATE TABLE work_order_skill (
  work_order_id uuid NOT NULL REFERENCES work_order ON DELETE CASCADE,
  skill_id      bigint NOT NULL REFERENCES skill,
  PRIMARY KEY (work_order_id, skill_id)
);
CREATE INDEX work_order_skill_of ON work_order_skill (skill_id);
COMMENT ON TABLE  work_order_skill IS 'What a crew must be able to do for this order';
COMMENT ON COLUMN work_order_skill.work_order_id IS 'The work order';
COMMENT ON COLUMN work_order_skill.skill_id IS 'The skill';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
