import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE SCHEMA answers;
COMMENT ON SCHEMA answers IS 'A view for each category that asks questions: its public reports, each public answer a column of its type';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
