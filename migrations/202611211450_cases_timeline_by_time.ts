import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Open311 updates: what happened in a span of time
CREATE INDEX timeline_entry_at ON timeline_entry (at);
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
