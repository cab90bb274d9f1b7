import type { Knex } from 'knex'

// Not all that people tell is a fault: incidents, pets, notes; some of it needs no workflow, and some of it is over after a while.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE category
  ADD COLUMN kind text NOT NULL DEFAULT 'fault' CHECK (kind IN ('fault', 'incident', 'pet', 'note')),
  ADD COLUMN has_workflow boolean NOT NULL DEFAULT true,
  ADD COLUMN expires_days int CHECK (expires_days BETWEEN 1 AND 3650);
COMMENT ON COLUMN category.kind IS 'What its reports are: it says which states they know';
COMMENT ON COLUMN category.has_workflow IS 'False: a mailbox, whose reports are only received, seen and answered';
COMMENT ON COLUMN category.expires_days IS 'Days after which an open report that nobody works on closes by itself; null: never';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
