import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- An account of an identity provider may have no e-mail address.
ALTER TABLE account ALTER COLUMN email DROP NOT NULL;
ALTER TABLE account ADD COLUMN email_verified_at timestamptz;
COMMENT ON COLUMN account.email_verified_at IS 'When its owner showed that the address is theirs';
UPDATE account SET email_verified_at = created_at;

CREATE TABLE identity (
  provider   text NOT NULL,
  subject    text NOT NULL,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  linked_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, subject)
);
CREATE INDEX identity_account ON identity (account_id);
COMMENT ON TABLE  identity IS 'Who an account is at an identity provider';
COMMENT ON COLUMN identity.provider IS 'Slug of the provider in SIGN_IN_PROVIDERS';
COMMENT ON COLUMN identity.subject IS 'Stable id of the person there; never a tax or social security number';
COMMENT ON COLUMN identity.account_id IS 'Our account';
COMMENT ON COLUMN identity.linked_at IS 'When';

ALTER TABLE session ADD COLUMN assurance text NOT NULL DEFAULT 'anonymous' CHECK (assurance IN ('anonymous', 'verified_contact', 'identity_proven'));
COMMENT ON COLUMN session.assurance IS 'How well we know who it is: anonymous, verified_contact, identity_proven';

ALTER TABLE one_time_token DROP CONSTRAINT one_time_token_purpose_check;
ALTER TABLE one_time_token ADD CHECK (purpose IN ('invitation', 'verify_email', 'my_reports'));
ALTER TABLE one_time_token ALTER COLUMN account_id DROP NOT NULL;
ALTER TABLE one_time_token ADD COLUMN email text;
COMMENT ON COLUMN one_time_token.account_id IS 'For which account; null: only for the address';
COMMENT ON COLUMN one_time_token.email IS 'Address it was sent to';

ALTER TABLE report ADD COLUMN reporter_id bigint REFERENCES account ON DELETE SET NULL;
CREATE INDEX report_reporter ON report (reporter_id);
CREATE INDEX report_contact_email ON report (lower(contact->>'email')) WHERE contact IS NOT NULL;
COMMENT ON COLUMN report.reporter_id IS 'Account that sent it or joined it later; null: sent without one';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
