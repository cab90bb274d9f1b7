import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE saved_view (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  filters    jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, title)
);
COMMENT ON TABLE  saved_view IS 'Filters of the inbox that a member of staff has given a name';
COMMENT ON COLUMN saved_view.id IS 'Key';
COMMENT ON COLUMN saved_view.account_id IS 'Whose; nobody else sees it';
COMMENT ON COLUMN saved_view.title IS 'Name that its owner gave it';
COMMENT ON COLUMN saved_view.filters IS 'Parameters of the list and their values';
COMMENT ON COLUMN saved_view.created_at IS 'When it was saved first';

-- The inbox in the order of deadlines.
CREATE INDEX report_due ON report (due_at, id);
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
