import type { Knex } from 'knex'

// Documents that staff put beside a report: an offer, a letter, an opinion.
export const up = (db: Knex) =>
  db.raw(`
CREATE TABLE report_file (
  id         uuid PRIMARY KEY,
  report_id  uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  media_type text NOT NULL,
  extension  text NOT NULL CHECK (extension ~ '^[a-z]{3,4}$'),
  size_bytes int NOT NULL CHECK (size_bytes > 0),
  added_by   bigint REFERENCES account ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- the files of a report
CREATE INDEX report_file_report ON report_file (report_id, created_at);
-- an account that goes
CREATE INDEX report_file_added_by ON report_file (added_by);
COMMENT ON TABLE  report_file IS 'Documents that staff put beside a report, for staff only';
COMMENT ON COLUMN report_file.id IS 'Key; the file in the storage is <id>.bin';
COMMENT ON COLUMN report_file.report_id IS 'The report';
COMMENT ON COLUMN report_file.title IS 'What staff call it';
COMMENT ON COLUMN report_file.media_type IS 'What it is, by its content';
COMMENT ON COLUMN report_file.extension IS 'End of its name when it is taken away';
COMMENT ON COLUMN report_file.size_bytes IS 'Bytes';
COMMENT ON COLUMN report_file.added_by IS 'Who put it there; null: the account is gone';
COMMENT ON COLUMN report_file.created_at IS 'When';

ALTER TABLE photo_removal ADD COLUMN extension text NOT NULL DEFAULT 'jpg' CHECK (extension IN ('jpg', 'bin'));
COMMENT ON TABLE  photo_removal IS 'Photos and documents whose files are to be destroyed; a row goes once its file has, or once the file is part of a report or an upload';
COMMENT ON COLUMN photo_removal.photo_id IS 'Name of the file in the storage';
COMMENT ON COLUMN photo_removal.extension IS 'jpg: a photo; bin: a document';

ALTER TABLE retention_run ADD COLUMN files int NOT NULL DEFAULT 0;
COMMENT ON COLUMN retention_run.files IS 'Documents of staff that were deleted';

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'forwarded', 'refused', 'undone',
     'accepted', 'declined', 'extended', 'attached', 'detached'))
    NOT VALID;
ALTER TABLE timeline_entry VALIDATE CONSTRAINT timeline_entry_kind_check;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
