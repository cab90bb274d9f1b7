import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE api_key (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id   bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  start        text NOT NULL,
  key_hash     bytea NOT NULL UNIQUE,
  scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['reports.write', 'reports.own']),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_on   date,
  last_used_on date
);
CREATE INDEX api_key_account ON api_key (account_id);
COMMENT ON TABLE  api_key IS 'Keys with which programs act for an account; a row that is gone opens nothing';
COMMENT ON COLUMN api_key.id IS 'Names the key in lists; is no secret';
COMMENT ON COLUMN api_key.account_id IS 'For whom the program acts';
COMMENT ON COLUMN api_key.title IS 'What its owner calls it';
COMMENT ON COLUMN api_key.start IS 'First letters of the key, to know it by';
COMMENT ON COLUMN api_key.key_hash IS 'SHA-256; the keys are random, so a slow hash would add nothing';
COMMENT ON COLUMN api_key.scopes IS 'What it opens: reports.write, reports.own';
COMMENT ON COLUMN api_key.created_at IS 'When it was made';
COMMENT ON COLUMN api_key.expires_on IS 'Last day, Europe/Athens; null: until it is taken back';
COMMENT ON COLUMN api_key.last_used_on IS 'Last day on which it was used, Europe/Athens; null: never';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
