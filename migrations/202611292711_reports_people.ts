import type { Knex } from 'knex'

// The inbox is sorted by how many people wait, so the number is kept and not counted each time.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE report ADD COLUMN people_count int NOT NULL DEFAULT 1;
COMMENT ON COLUMN report.people_count IS 'How many people wait for it: who sent it, who said "me too", and those of the reports that are treated together with it';
UPDATE report AS r
   SET people_count = 1 + r.support_count
                    + (SELECT COALESCE(sum(1 + m.support_count), 0) FROM report AS m WHERE m.main_id = r.id)
 WHERE r.support_count > 0
    OR EXISTS (SELECT FROM report AS m WHERE m.main_id = r.id);
-- the inbox, most people first by keyset (people_count, created_at, id)
CREATE INDEX report_open_people ON report (people_count DESC, created_at DESC, id DESC) WHERE closed_at IS NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
