import type { Knex } from 'knex'

// What is dangerous is promised in hours.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE category ADD COLUMN resolution_hours int CHECK (resolution_hours BETWEEN 1 AND 2000);
COMMENT ON COLUMN category.resolution_hours IS 'Promise: hours to resolution, without those of days off, in place of working_days; null: days count';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
