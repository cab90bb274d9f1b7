import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE place_duty (
  layer     text NOT NULL,
  key       text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at   timestamptz NOT NULL,
  PRIMARY KEY (layer, key, starts_at),
  CHECK (ends_at > starts_at)
);
COMMENT ON TABLE  place_duty IS 'When places are on duty outside their hours: the list that an association of pharmacists hands over';
COMMENT ON COLUMN place_duty.layer IS 'Slug of a layer with role poi';
COMMENT ON COLUMN place_duty.key IS 'Key of a feature of the layer';
COMMENT ON COLUMN place_duty.starts_at IS 'Begin of the duty';
COMMENT ON COLUMN place_duty.ends_at IS 'End of the duty, itself not on duty any more';
-- Who is on duty at a moment (places/poi_find): duties that have not ended are few.
CREATE INDEX place_duty_ends_at ON place_duty (ends_at);
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
