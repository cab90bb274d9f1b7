import type { Knex } from 'knex'

// Some of what is reported only staff notice: the municipal police, the desk, who answers the telephone.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE category ADD COLUMN may_file text NOT NULL DEFAULT 'everybody' CHECK (may_file IN ('everybody', 'staff'));
COMMENT ON COLUMN category.may_file IS 'Who may file its reports: everybody who is known as well as it asks, or staff only';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
