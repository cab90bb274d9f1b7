import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE report ADD COLUMN answered_at timestamptz;
COMMENT ON COLUMN report.answered_at IS 'First time that staff, or a body it was forwarded to, moved it or wrote to its reporter; null: not yet';
UPDATE report AS r
   SET answered_at = first.at
  FROM (SELECT case_id, min(at) AS at
          FROM timeline_entry
         WHERE is_public AND kind IN ('status', 'note', 'forwarded')
         GROUP BY case_id) AS first
 WHERE r.id = first.case_id;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
