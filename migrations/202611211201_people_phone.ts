import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE account ADD COLUMN phone text CHECK (phone ~ '^[+][0-9]{8,15}$');
ALTER TABLE account ADD COLUMN phone_verified_at timestamptz;
COMMENT ON COLUMN account.phone IS 'Mobile telephone, E.164; only ever one that a code was sent to and came back from';
COMMENT ON COLUMN account.phone_verified_at IS 'When its owner showed that the number is theirs';

ALTER TABLE one_time_token DROP CONSTRAINT one_time_token_purpose_check;
ALTER TABLE one_time_token ADD CONSTRAINT one_time_token_purpose_check
  CHECK (purpose IN ('invitation', 'verify_email', 'verify_phone', 'my_reports', 'passkey'));
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
