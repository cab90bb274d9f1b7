import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE layer ADD COLUMN retired_fields jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN layer.retired_fields IS 'Definitions of fields that are shown and published no more; their columns stay, so that they can be put back';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
