import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE dataset_usage (
  dataset text NOT NULL,
  format  text NOT NULL,
  day     date NOT NULL,
  count   bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (dataset, day, format)
);
-- all datasets over the last days
CREATE INDEX dataset_usage_day ON dataset_usage (day);
COMMENT ON TABLE  dataset_usage IS 'How often datasets were taken; nothing of who took them';
COMMENT ON COLUMN dataset_usage.dataset IS 'Slug of the dataset';
COMMENT ON COLUMN dataset_usage.format IS 'Ending of a file, or ogc for OGC API - Features';
COMMENT ON COLUMN dataset_usage.day IS 'Day, Europe/Athens';
COMMENT ON COLUMN dataset_usage.count IS 'Complete answers with data on that day';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
