import type { Knex } from 'knex'

// The inbox asks for what is open, of which there is little, among all that ever came.
export const up = (db: Knex) =>
  db.raw(`
-- the inbox, newest first by keyset (created_at, id)
CREATE INDEX report_open_created ON report (created_at DESC, id DESC) WHERE closed_at IS NULL;
-- the same for a category or a group
CREATE INDEX report_open_category ON report (category_id, created_at DESC, id DESC) WHERE closed_at IS NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
