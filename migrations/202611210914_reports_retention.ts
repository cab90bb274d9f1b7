import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE category
  ADD COLUMN purpose                jsonb NOT NULL DEFAULT '{"el": "Διεκπεραίωση της αναφοράς και ενημέρωση όσων την έκαναν", "en": "To deal with the report and to tell its reporter"}',
  ADD COLUMN contact_months         int NOT NULL DEFAULT 12 CHECK (contact_months >= 0),
  ADD COLUMN photo_months           int NOT NULL DEFAULT 36 CHECK (photo_months >= 0);
COMMENT ON COLUMN category.purpose IS 'What personal data of its reports are for, {el, en} (GDPR article 13)';
COMMENT ON COLUMN category.contact_months IS 'Months after closing until contact details and the link to an account go';
COMMENT ON COLUMN category.photo_months IS 'Months after closing until photos go';

ALTER TABLE report ADD COLUMN anonymised_at timestamptz;
CREATE INDEX report_to_anonymise ON report (closed_at) WHERE anonymised_at IS NULL AND closed_at IS NOT NULL;
COMMENT ON COLUMN report.anonymised_at IS 'When contact details and the link to an account were taken away';

CREATE TABLE retention_run (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT now(),
  anonymised  int NOT NULL,
  photos      int NOT NULL,
  uploads     int NOT NULL,
  by_category jsonb NOT NULL
);
COMMENT ON TABLE  retention_run IS 'Proof that personal data were deleted in time; counts only';
COMMENT ON COLUMN retention_run.id IS 'Key';
COMMENT ON COLUMN retention_run.at IS 'When';
COMMENT ON COLUMN retention_run.anonymised IS 'Reports that lost contact details and link to an account';
COMMENT ON COLUMN retention_run.photos IS 'Photos of reports that were deleted';
COMMENT ON COLUMN retention_run.uploads IS 'Photos that were uploaded and never sent';
COMMENT ON COLUMN retention_run.by_category IS 'Reports anonymised, by slug of the category';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
