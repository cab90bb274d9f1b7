import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE passkey (
  id           text PRIMARY KEY,
  account_id   bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  public_key   bytea NOT NULL,
  counter      bigint NOT NULL,
  transports   text[] NOT NULL,
  title        text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkey_account ON passkey (account_id);
COMMENT ON TABLE  passkey IS 'Passkeys (W3C Web Authentication)';
COMMENT ON COLUMN passkey.id IS 'Credential id, base64url';
COMMENT ON COLUMN passkey.account_id IS 'Whose';
COMMENT ON COLUMN passkey.public_key IS 'COSE key';
COMMENT ON COLUMN passkey.counter IS 'Signature counter of the last use';
COMMENT ON COLUMN passkey.transports IS 'How the browser reaches it';
COMMENT ON COLUMN passkey.title IS 'Browser and system where it was made';
COMMENT ON COLUMN passkey.created_at IS 'When it was made';
COMMENT ON COLUMN passkey.last_used_at IS 'Last sign-in with it';

ALTER TABLE one_time_token DROP CONSTRAINT one_time_token_purpose_check;
ALTER TABLE one_time_token ADD CONSTRAINT one_time_token_purpose_check CHECK (purpose IN ('invitation', 'verify_email', 'my_reports', 'passkey'));
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
