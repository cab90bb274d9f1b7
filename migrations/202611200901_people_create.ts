import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE department (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug            text NOT NULL UNIQUE,
  title           jsonb NOT NULL,
  phone           text,
  is_central_desk boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX department_central_desk ON department (is_central_desk) WHERE is_central_desk;
COMMENT ON TABLE  department IS 'A service of the municipality that answers for cases';
COMMENT ON COLUMN department.id IS 'Key';
COMMENT ON COLUMN department.slug IS 'Stable name';
COMMENT ON COLUMN department.title IS 'Title, {el, en}';
COMMENT ON COLUMN department.phone IS 'Telephone for the public';
COMMENT ON COLUMN department.is_central_desk IS 'Receives what no rule claims; at most one';

CREATE TABLE crew (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug          text NOT NULL UNIQUE,
  title         jsonb NOT NULL,
  department_id bigint NOT NULL REFERENCES department,
  UNIQUE (id, department_id)
);
COMMENT ON TABLE  crew IS 'People of a department who go out together';
COMMENT ON COLUMN crew.id IS 'Key';
COMMENT ON COLUMN crew.slug IS 'Stable name';
COMMENT ON COLUMN crew.title IS 'Title, {el, en}';
COMMENT ON COLUMN crew.department_id IS 'Its department';

CREATE TABLE account (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email         text NOT NULL CHECK (email = lower(email)) UNIQUE,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('citizen', 'crew_member', 'department_head', 'agent', 'gis_officer', 'administrator')),
  department_id bigint REFERENCES department,
  crew_id       bigint,
  password_hash text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (crew_id, department_id) REFERENCES crew (id, department_id)
);
COMMENT ON TABLE  account IS 'A person who can sign in';
COMMENT ON COLUMN account.id IS 'Key';
COMMENT ON COLUMN account.email IS 'E-mail address in lower case';
COMMENT ON COLUMN account.name IS 'Name as shown to colleagues';
COMMENT ON COLUMN account.role IS 'Bundle of permissions';
COMMENT ON COLUMN account.department_id IS 'Department of a member of staff';
COMMENT ON COLUMN account.crew_id IS 'Crew, of the same department';
COMMENT ON COLUMN account.password_hash IS 'argon2id in PHC form; null: cannot sign in with a password';
COMMENT ON COLUMN account.created_at IS 'When';

CREATE TABLE session (
  token_hash   bytea PRIMARY KEY,
  account_id   bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL
);
COMMENT ON TABLE  session IS 'A signed-in browser';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the cookie; the cookie itself is nowhere';
COMMENT ON COLUMN session.account_id IS 'Who';
COMMENT ON COLUMN session.created_at IS 'Signed in at';
COMMENT ON COLUMN session.expires_at IS 'Ends at the latest';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
