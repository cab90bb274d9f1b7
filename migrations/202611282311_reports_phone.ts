import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE report ADD COLUMN language text CHECK (language IN ('el', 'en'));
COMMENT ON COLUMN report.language IS 'Language that the reporter spoke; null: not known';

-- Earlier reports of who is on the telephone: by the last ten digits, by parts of the name. public. is said because PostgreSQL 17
-- builds indexes with an empty search path.
CREATE INDEX report_caller_phone ON report (right(regexp_replace(contact->>'phone', '\\D', '', 'g'), 10), created_at DESC)
 WHERE contact->>'phone' IS NOT NULL;
CREATE INDEX report_caller_name ON report USING gin (public.fold(contact->>'name') gin_trgm_ops)
 WHERE contact->>'name' IS NOT NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
