import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE api_key
  ADD COLUMN for_staff boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT api_key_scopes_check,
  ADD CONSTRAINT api_key_scopes_check
    CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['reports.write', 'reports.own', 'reports.update']);
COMMENT ON COLUMN api_key.scopes IS 'What it opens: reports.write, reports.own, reports.update';
COMMENT ON COLUMN api_key.for_staff IS 'True: made by staff who had proven who they are; where its scope says so it does what they may';

ALTER TABLE report ADD COLUMN sender_id bigint REFERENCES account ON DELETE SET NULL;
CREATE INDEX report_sender ON report (sender_id) WHERE sender_id IS NOT NULL;
COMMENT ON COLUMN report.sender_id IS 'Account whose key sent it by Open311: that of a program, not of the reporter';

CREATE TABLE open311_update (
  account_id        bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  update_id         text NOT NULL,
  request_hash      text NOT NULL,
  timeline_entry_id bigint NOT NULL REFERENCES timeline_entry ON DELETE CASCADE,
  at                timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, update_id)
);
CREATE INDEX open311_update_entry ON open311_update (timeline_entry_id);
COMMENT ON TABLE  open311_update IS 'Updates that programs have sent by Open311, so that a repeat is known as one';
COMMENT ON COLUMN open311_update.account_id IS 'Whose key sent it';
COMMENT ON COLUMN open311_update.update_id IS 'Id that the sender gave it';
COMMENT ON COLUMN open311_update.request_hash IS 'SHA-256 of the update, to tell a repeat from a misuse of its id';
COMMENT ON COLUMN open311_update.timeline_entry_id IS 'What became of it; its id is the update_id that others read';
COMMENT ON COLUMN open311_update.at IS 'When it came';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
