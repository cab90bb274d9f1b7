import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE report_presence (
  report_id  uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  seen_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (report_id, account_id)
);
COMMENT ON TABLE  report_presence IS 'Which member of staff has a report open just now; rows of those who left are swept by those who come';
COMMENT ON COLUMN report_presence.report_id IS 'The report';
COMMENT ON COLUMN report_presence.account_id IS 'Who has it open';
COMMENT ON COLUMN report_presence.seen_at IS 'Last sign of life of the page';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
