import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE mention (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_id         uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  timeline_entry_id bigint NOT NULL REFERENCES timeline_entry ON DELETE CASCADE,
  account_id        bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at        timestamptz NOT NULL DEFAULT now(),
  read_at           timestamptz,
  UNIQUE (timeline_entry_id, account_id)
);
-- what is for me
CREATE INDEX mention_unread ON mention (account_id, id) WHERE read_at IS NULL;
CREATE INDEX mention_report ON mention (report_id);
COMMENT ON TABLE  mention IS 'A colleague who is named in an internal note, and is told so';
COMMENT ON COLUMN mention.id IS 'Key and order';
COMMENT ON COLUMN mention.report_id IS 'The report';
COMMENT ON COLUMN mention.timeline_entry_id IS 'The note';
COMMENT ON COLUMN mention.account_id IS 'Who is named';
COMMENT ON COLUMN mention.created_at IS 'When';
COMMENT ON COLUMN mention.read_at IS 'When that person opened the report; null: not yet';

CREATE TABLE standard_answer (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title         jsonb NOT NULL,
  text          jsonb NOT NULL,
  category_id   bigint REFERENCES category ON DELETE CASCADE,
  department_id bigint REFERENCES department ON DELETE CASCADE,
  updated_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  standard_answer IS 'What is often written to citizens, in both languages';
COMMENT ON COLUMN standard_answer.id IS 'Key';
COMMENT ON COLUMN standard_answer.title IS 'What staff choose it by, {el, en}';
COMMENT ON COLUMN standard_answer.text IS 'What is written, {el, en}';
COMMENT ON COLUMN standard_answer.category_id IS 'Only for this category or group; null: for any';
COMMENT ON COLUMN standard_answer.department_id IS 'Whose it is, and who may change it; null: of the whole municipality';
COMMENT ON COLUMN standard_answer.updated_at IS 'Last change';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
