import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE layer ADD COLUMN recipe jsonb;
COMMENT ON COLUMN layer.recipe IS 'What style and legend were made of in the portal, so that they can be changed there; null: written by hand';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
