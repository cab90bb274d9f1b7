import type { Knex } from 'knex'

// closed_at and status say the same, so that queries may ask the one that has the indexes.
export const up = (db: Knex) =>
  db.raw(`
UPDATE report SET closed_at = CASE WHEN status IN ('resolved', 'rejected') THEN updated_at END
 WHERE (closed_at IS NULL) = (status IN ('resolved', 'rejected'));
ALTER TABLE report ADD CONSTRAINT report_is_closed CHECK ((closed_at IS NOT NULL) = (status IN ('resolved', 'rejected')));
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
