import type { Knex } from 'knex'

// Staff put right what kind of thing it is, where it is, and who may see it.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'forwarded', 'refused', 'undone',
     'accepted', 'declined', 'extended', 'attached', 'detached', 'rectified'))
    NOT VALID;
ALTER TABLE timeline_entry VALIDATE CONSTRAINT timeline_entry_kind_check;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
