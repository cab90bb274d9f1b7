import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE layer_import ADD columns jsonb;
COMMENT ON COLUMN layer_import.columns IS 'Of a table: names of its columns, those that say where a row lies, and whether by an address';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
