import type { Knex } from 'knex'

// Staff are shown which open reports probably mean the same; what they have ruled out is not shown again.
export const up = (db: Knex) =>
  db.raw(`
CREATE TABLE report_not_same (
  one_id     uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  other_id   uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  actor_id   bigint REFERENCES account ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (one_id, other_id),
  -- a pair is one pair, whichever is named first
  CHECK (one_id < other_id)
);
-- what goes with a report that is deleted
CREATE INDEX report_not_same_other ON report_not_same (other_id);
COMMENT ON TABLE  report_not_same IS 'Pairs of reports of which staff have said that they do not mean the same';
COMMENT ON COLUMN report_not_same.one_id IS 'The report with the smaller id';
COMMENT ON COLUMN report_not_same.other_id IS 'The other';
COMMENT ON COLUMN report_not_same.actor_id IS 'Who said so';
COMMENT ON COLUMN report_not_same.created_at IS 'When';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
