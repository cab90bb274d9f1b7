import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE report_bulk (
  id        uuid PRIMARY KEY,
  actor_id  bigint REFERENCES account ON DELETE CASCADE,
  action    text NOT NULL CHECK (action IN ('status', 'assign')),
  at        timestamptz NOT NULL DEFAULT now(),
  undone_at timestamptz
);
-- sweeping what can no longer be undone
CREATE INDEX report_bulk_at ON report_bulk (at);
COMMENT ON TABLE  report_bulk IS 'What somebody did with many reports at once, kept for as long as it can be undone';
COMMENT ON COLUMN report_bulk.id IS 'Key';
COMMENT ON COLUMN report_bulk.actor_id IS 'Who did it, and alone may undo it';
COMMENT ON COLUMN report_bulk.action IS 'status: moved to another state; assign: given to somebody else';
COMMENT ON COLUMN report_bulk.at IS 'When; its reports have this as their last change until somebody else changes them';
COMMENT ON COLUMN report_bulk.undone_at IS 'When it was undone';

CREATE TABLE report_bulk_item (
  bulk_id             uuid NOT NULL REFERENCES report_bulk ON DELETE CASCADE,
  report_id           uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  status              text NOT NULL,
  closed_at           timestamptz,
  answered_at         timestamptz,
  due_at              timestamptz NOT NULL,
  department_id       bigint REFERENCES department ON DELETE SET NULL,
  crew_id             bigint REFERENCES crew ON DELETE SET NULL,
  is_assigned_by_hand boolean NOT NULL,
  PRIMARY KEY (bulk_id, report_id)
);
CREATE INDEX report_bulk_item_report ON report_bulk_item (report_id);
COMMENT ON TABLE  report_bulk_item IS 'What a report was before it was changed together with others';
COMMENT ON COLUMN report_bulk_item.bulk_id IS 'The action';
COMMENT ON COLUMN report_bulk_item.report_id IS 'The report';
COMMENT ON COLUMN report_bulk_item.status IS 'Its state then';
COMMENT ON COLUMN report_bulk_item.closed_at IS 'When it had been closed';
COMMENT ON COLUMN report_bulk_item.answered_at IS 'First answer until then';
COMMENT ON COLUMN report_bulk_item.due_at IS 'Promised date then';
COMMENT ON COLUMN report_bulk_item.department_id IS 'Who answered for it';
COMMENT ON COLUMN report_bulk_item.crew_id IS 'Who was to go';
COMMENT ON COLUMN report_bulk_item.is_assigned_by_hand IS 'Whether it had been assigned by hand';

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'forwarded', 'refused', 'undone'))
    NOT VALID;
ALTER TABLE timeline_entry VALIDATE CONSTRAINT timeline_entry_kind_check;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
