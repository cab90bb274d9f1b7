import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE category
  ADD COLUMN same_place_m int NOT NULL DEFAULT 100 CHECK (same_place_m BETWEEN 1 AND 1000),
  ADD COLUMN reopen_days  int NOT NULL DEFAULT 14 CHECK (reopen_days >= 0);
COMMENT ON COLUMN category.same_place_m IS 'Metres within which two of its reports may mean the same';
COMMENT ON COLUMN category.reopen_days IS 'Days after closing in which reporters may say that it is not fixed; 0: never';

ALTER TABLE report
  ADD COLUMN support_count  int NOT NULL DEFAULT 0,
  ADD COLUMN reopened_count int NOT NULL DEFAULT 0,
  ADD COLUMN main_id        uuid REFERENCES report CHECK (main_id <> id),
  ADD COLUMN merged_status  text,
  ADD CHECK ((main_id IS NULL) = (merged_status IS NULL));
-- what is treated together with a report
CREATE INDEX report_main ON report (main_id) WHERE main_id IS NOT NULL;
COMMENT ON COLUMN report.support_count IS 'How many others said: me too';
COMMENT ON COLUMN report.reopened_count IS 'How often somebody who follows it said that it is not fixed';
COMMENT ON COLUMN report.main_id IS 'Main report it is treated together with; a main report has none itself';
COMMENT ON COLUMN report.merged_status IS 'State it had when it was merged, to go back to';

CREATE TABLE report_support (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_id    uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  account_id   bigint REFERENCES account ON DELETE SET NULL,
  device_hash  text,
  email        text,
  follow_token text NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX report_support_account ON report_support (report_id, account_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX report_support_device ON report_support (report_id, device_hash) WHERE account_id IS NULL;
-- one's own: by account, by address
CREATE INDEX report_support_own ON report_support (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX report_support_email ON report_support (lower(email)) WHERE email IS NOT NULL;
COMMENT ON TABLE  report_support IS 'Who said "me too" about a report and follows it';
COMMENT ON COLUMN report_support.id IS 'Key';
COMMENT ON COLUMN report_support.report_id IS 'The report';
COMMENT ON COLUMN report_support.account_id IS 'Account, if signed in; personal data';
COMMENT ON COLUMN report_support.device_hash IS 'SHA-256 of report and secret of the browser, so that it counts once; tells nothing across reports';
COMMENT ON COLUMN report_support.email IS 'To find it again by a mailed link; personal data';
COMMENT ON COLUMN report_support.follow_token IS 'Secret part of the private link';
COMMENT ON COLUMN report_support.created_at IS 'When';

-- A photo that is blurred gets a new id.
CREATE TABLE report_support_photo (
  photo_id   uuid PRIMARY KEY REFERENCES attachment ON UPDATE CASCADE ON DELETE CASCADE,
  support_id bigint NOT NULL REFERENCES report_support ON DELETE CASCADE
);
CREATE INDEX report_support_photo_of ON report_support_photo (support_id);
COMMENT ON TABLE  report_support_photo IS 'Photos of a report that not its reporter gave';
COMMENT ON COLUMN report_support_photo.photo_id IS 'The photo';
COMMENT ON COLUMN report_support_photo.support_id IS 'Who gave it';

CREATE TABLE report_words (
  timeline_entry_id bigint PRIMARY KEY REFERENCES timeline_entry ON DELETE CASCADE,
  support_id        bigint REFERENCES report_support ON DELETE CASCADE
);
CREATE INDEX report_words_support ON report_words (support_id) WHERE support_id IS NOT NULL;
COMMENT ON TABLE  report_words IS 'Internal timeline entries that hold words of a citizen, who may read them too';
COMMENT ON COLUMN report_words.timeline_entry_id IS 'The entry';
COMMENT ON COLUMN report_words.support_id IS 'Who follows and said it; null: the reporter';

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected'));
COMMENT ON COLUMN timeline_entry.note IS 'Words of the municipality, or of a citizen where the feature says so';

ALTER TABLE retention_run ADD COLUMN supporters int NOT NULL DEFAULT 0;
COMMENT ON COLUMN retention_run.supporters IS 'People who said "me too" and lost address, device and link to an account';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
