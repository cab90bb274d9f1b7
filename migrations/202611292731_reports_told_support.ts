import type { Knex } from 'knex'

// Who says "me too" on the telephone is found again by it, and can be rung up.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE report_support ADD COLUMN name text, ADD COLUMN phone text;
COMMENT ON COLUMN report_support.name IS 'As it was said on the telephone; personal data';
COMMENT ON COLUMN report_support.phone IS 'As it was said on the telephone; personal data';
-- who is on the telephone
CREATE INDEX report_support_phone ON report_support (right(regexp_replace(phone, '\\\\D', '', 'g'), 10)) WHERE phone IS NOT NULL;
CREATE INDEX report_support_name ON report_support USING gin (public.fold(name) gin_trgm_ops) WHERE name IS NOT NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
