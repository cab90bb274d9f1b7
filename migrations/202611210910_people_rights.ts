import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE role_grant (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  role          text NOT NULL CHECK (role IN ('agent', 'crew_member', 'crew_leader', 'department_head', 'gis_officer', 'press', 'auditor', 'administrator')),
  department_id bigint REFERENCES department,
  crew_id       bigint,
  area_layer    text,
  area_slug     text,
  valid_from    date NOT NULL DEFAULT (now() AT TIME ZONE 'Europe/Athens')::date,
  valid_to      date,
  granted_by    bigint REFERENCES account ON DELETE SET NULL,
  granted_at    timestamptz NOT NULL DEFAULT now(),
  revoked_at    timestamptz,
  FOREIGN KEY (crew_id, department_id) REFERENCES crew (id, department_id),
  CHECK (crew_id IS NULL OR department_id IS NOT NULL),
  CHECK ((area_layer IS NULL) = (area_slug IS NULL)),
  CHECK (valid_to >= valid_from)
);
CREATE INDEX role_grant_account ON role_grant (account_id);
COMMENT ON TABLE  role_grant IS 'What an account may do, where and when; rows are ended, never changed';
COMMENT ON COLUMN role_grant.id IS 'Key';
COMMENT ON COLUMN role_grant.account_id IS 'Who';
COMMENT ON COLUMN role_grant.role IS 'Bundle of permissions';
COMMENT ON COLUMN role_grant.department_id IS 'Only cases of this department; null: all departments, but then no private cases';
COMMENT ON COLUMN role_grant.crew_id IS 'Only cases of this crew of the department';
COMMENT ON COLUMN role_grant.area_layer IS 'Only cases inside this area: its layer';
COMMENT ON COLUMN role_grant.area_slug IS 'Key of the area in its layer';
COMMENT ON COLUMN role_grant.valid_from IS 'First day, Europe/Athens';
COMMENT ON COLUMN role_grant.valid_to IS 'Last day; null: until revoked';
COMMENT ON COLUMN role_grant.granted_by IS 'Administrator who gave it; null: set up with the city';
COMMENT ON COLUMN role_grant.granted_at IS 'When it was given';
COMMENT ON COLUMN role_grant.revoked_at IS 'When it was taken back';

INSERT INTO role_grant (account_id, role, department_id, crew_id)
  SELECT id, role, CASE role WHEN 'administrator' THEN NULL ELSE department_id END, CASE role WHEN 'crew_member' THEN crew_id END
    FROM account
   WHERE role <> 'citizen';
INSERT INTO role_grant (account_id, role)
  SELECT id, role FROM account WHERE role = 'agent' AND department_id IS NOT NULL;
ALTER TABLE account DROP COLUMN role, DROP COLUMN department_id, DROP COLUMN crew_id;
ALTER TABLE account ADD COLUMN disabled_at timestamptz;
COMMENT ON COLUMN account.disabled_at IS 'From then on nobody signs in with it';

-- Sessions of before cannot be told apart; people sign in once more.
DELETE FROM session;
ALTER TABLE session
  ADD COLUMN id               uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN last_seen_at     timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN factors          text[] NOT NULL DEFAULT '{}',
  ADD COLUMN idle_s           int NOT NULL,
  ADD COLUMN browser          text NOT NULL DEFAULT '';
CREATE INDEX session_account ON session (account_id);
COMMENT ON COLUMN session.id IS 'Names the session in lists; is no secret';
COMMENT ON COLUMN session.last_seen_at IS 'Last request, to the minute';
COMMENT ON COLUMN session.authenticated_at IS 'Last proof of who it is; dangerous acts want a fresh one';
COMMENT ON COLUMN session.factors IS 'What was proven: password, totp, recovery, passkey, oidc, link';
COMMENT ON COLUMN session.idle_s IS 'Seconds without a request after which it ends';
COMMENT ON COLUMN session.browser IS 'Browser and system in a few words, for the list of sessions';

CREATE TABLE second_factor (
  account_id   bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  secret       bytea NOT NULL,
  confirmed_at timestamptz,
  last_step    bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE  second_factor IS 'One-time codes of an authenticator app (RFC 6238)';
COMMENT ON COLUMN second_factor.account_id IS 'Whose';
COMMENT ON COLUMN second_factor.secret IS 'Sealed with the key of the installation';
COMMENT ON COLUMN second_factor.confirmed_at IS 'When the first code was right; null: not in use yet';
COMMENT ON COLUMN second_factor.last_step IS 'Time step of the last code that was taken, so that none counts twice';

CREATE TABLE recovery_code (
  code_hash  bytea PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  used_at    timestamptz
);
CREATE INDEX recovery_code_account ON recovery_code (account_id);
COMMENT ON TABLE  recovery_code IS 'Codes on paper that stand in for a lost authenticator, each once';
COMMENT ON COLUMN recovery_code.code_hash IS 'SHA-256; the codes are random, so a slow hash adds nothing';
COMMENT ON COLUMN recovery_code.account_id IS 'Whose';
COMMENT ON COLUMN recovery_code.used_at IS 'When';

CREATE TABLE one_time_token (
  token_hash bytea PRIMARY KEY,
  purpose    text NOT NULL CHECK (purpose IN ('invitation')),
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX one_time_token_account ON one_time_token (account_id);
COMMENT ON TABLE  one_time_token IS 'Secrets that were sent to somebody and count once';
COMMENT ON COLUMN one_time_token.token_hash IS 'SHA-256 of the secret';
COMMENT ON COLUMN one_time_token.purpose IS 'What it opens';
COMMENT ON COLUMN one_time_token.account_id IS 'For whom';
COMMENT ON COLUMN one_time_token.created_at IS 'When it was made';
COMMENT ON COLUMN one_time_token.expires_at IS 'Counts until then';
COMMENT ON COLUMN one_time_token.used_at IS 'When it was used';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
