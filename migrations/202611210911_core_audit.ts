import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE audit_entry (
  id         bigint PRIMARY KEY,
  at         timestamptz NOT NULL,
  actor_id   bigint,
  action     text NOT NULL,
  subject_id text,
  detail     jsonb NOT NULL,
  request_id text,
  hash       bytea NOT NULL
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
COMMENT ON TABLE  audit_entry IS 'What staff did and which personal data they looked at; append-only, each row sealed to the one before';
COMMENT ON COLUMN audit_entry.id IS 'Number without gaps';
COMMENT ON COLUMN audit_entry.at IS 'When';
COMMENT ON COLUMN audit_entry.actor_id IS 'Account; null: nobody signed in, or the system. No foreign key: the trail outlives the account';
COMMENT ON COLUMN audit_entry.action IS 'Permission-like name of the act, e.g. contact.reveal, or METHOD /path of the endpoint';
COMMENT ON COLUMN audit_entry.subject_id IS 'Id of the thing';
COMMENT ON COLUMN audit_entry.detail IS 'Ids, codes and the reason given; no contact details';
COMMENT ON COLUMN audit_entry.request_id IS 'As in the log';
COMMENT ON COLUMN audit_entry.hash IS 'SHA-256 of the hash before and of this row';

CREATE FUNCTION audit_hash(before bytea, e audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(before || convert_to(concat_ws(E'\\x1f', e.id, extract(epoch FROM e.at), COALESCE(e.actor_id::text, ''),
                                               e.action, COALESCE(e.subject_id, ''), e.detail, COALESCE(e.request_id, '')), 'UTF8'))
$$;
COMMENT ON FUNCTION audit_hash(bytea, audit_entry) IS 'Seal of an entry over the one before it';

-- One writer at a time until commit: numbers without gaps, and a chain without forks.
CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last audit_entry;
BEGIN
  PERFORM pg_advisory_xact_lock(4711, 1);
  SELECT * INTO last FROM audit_entry ORDER BY id DESC LIMIT 1;
  NEW.id := COALESCE(last.id, 0) + 1;
  NEW.at := clock_timestamp();
  NEW.hash := audit_hash(COALESCE(last.hash, '\\x'::bytea), NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER audit_seal BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_seal();

CREATE FUNCTION audit_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_closed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_closed();
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
