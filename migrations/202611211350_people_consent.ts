import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE consent_purpose (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug      text NOT NULL UNIQUE,
  contact   text NOT NULL CHECK (contact IN ('email', 'phone', 'any')),
  is_active boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE  consent_purpose IS 'What the municipality asks people to agree to, and may not do otherwise (GDPR article 6(1)(a))';
COMMENT ON COLUMN consent_purpose.id IS 'Key, and order in lists';
COMMENT ON COLUMN consent_purpose.slug IS 'Stable name';
COMMENT ON COLUMN consent_purpose.contact IS 'How people are reached for it: email, phone, any; nobody agrees without one that is proven';
COMMENT ON COLUMN consent_purpose.is_active IS 'False: no longer asked, and consents to it do not count';

CREATE TABLE consent_wording (
  purpose_id bigint NOT NULL REFERENCES consent_purpose,
  version    int NOT NULL CHECK (version > 0),
  title      jsonb NOT NULL,
  text       jsonb NOT NULL,
  asks_anew  boolean NOT NULL DEFAULT true CHECK (asks_anew OR version > 1),
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (purpose_id, version)
);
COMMENT ON TABLE  consent_wording IS 'The words people read; the highest version is asked now. Append-only';
COMMENT ON COLUMN consent_wording.purpose_id IS 'Of which purpose';
COMMENT ON COLUMN consent_wording.version IS 'From 1, without gaps';
COMMENT ON COLUMN consent_wording.title IS 'In a few words, {el, en}';
COMMENT ON COLUMN consent_wording.text IS 'What is agreed to, {el, en}';
COMMENT ON COLUMN consent_wording.asks_anew IS 'False: it means what the version before meant, so consents to that one go on counting';
COMMENT ON COLUMN consent_wording.at IS 'Asked since';

CREATE TABLE consent (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  bigint REFERENCES account ON DELETE SET NULL,
  purpose_id  bigint NOT NULL,
  version     int NOT NULL,
  is_granted  boolean NOT NULL,
  channel     text NOT NULL CHECK (channel IN ('portal', 'desk', 'phone')),
  recorded_by bigint,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (purpose_id, version) REFERENCES consent_wording,
  CHECK ((channel = 'portal') = (recorded_by IS NULL))
);
-- the last answer of a person, and the entries of an account that is deleted
CREATE INDEX consent_account ON consent (account_id, purpose_id, id DESC);
COMMENT ON TABLE  consent IS 'The ledger: who agreed to what or withdrew it; append-only, the last entry counts';
COMMENT ON COLUMN consent.id IS 'Key, and order';
COMMENT ON COLUMN consent.account_id IS 'Who; null: an account that was erased. The entry stays as proof, without a name';
COMMENT ON COLUMN consent.purpose_id IS 'To what';
COMMENT ON COLUMN consent.version IS 'The wording that was in front of them';
COMMENT ON COLUMN consent.is_granted IS 'True: agreed; false: withdrew';
COMMENT ON COLUMN consent.channel IS 'How they said so: portal, desk, phone';
COMMENT ON COLUMN consent.recorded_by IS 'Member of staff who wrote it down; null: they did it themselves. No foreign key: the proof outlives the account';
COMMENT ON COLUMN consent.at IS 'When';

CREATE FUNCTION consent_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND TG_OP = 'UPDATE' THEN
    -- ON DELETE SET NULL of an account that is gone comes by here, and nothing else may.
    IF NEW.account_id IS NULL AND to_jsonb(NEW) - 'account_id' = to_jsonb(OLD) - 'account_id'
       AND NOT EXISTS (SELECT FROM account WHERE id = OLD.account_id) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION consent_closed();
CREATE TRIGGER consent_kept BEFORE DELETE OR TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION consent_closed();
CREATE TRIGGER consent_wording_closed BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_wording
  FOR EACH STATEMENT EXECUTE FUNCTION consent_closed();

-- NOT EXISTS, not DISTINCT ON: through that the planner reaches no account, and counts them all for each.
CREATE VIEW consent_last AS
SELECT k.account_id, k.purpose_id, k.version, k.at,
       k.is_granted AND k.version >= (SELECT max(w.version) FROM consent_wording AS w
                                       WHERE w.purpose_id = k.purpose_id AND w.asks_anew) AS is_granted
  FROM consent AS k
 WHERE k.account_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM consent AS later
                    WHERE later.account_id = k.account_id AND later.purpose_id = k.purpose_id AND later.id > k.id);
COMMENT ON VIEW consent_last IS 'The last answer of each person to each purpose; is_granted: they agreed, and to what is asked now';

CREATE VIEW reachable AS
SELECT id AS account_id, contact
  FROM account
 CROSS JOIN (VALUES ('email'), ('phone'), ('any')) AS way (contact)
 WHERE disabled_at IS NULL
   AND (contact IN ('email', 'any') AND email IS NOT NULL AND email_verified_at IS NOT NULL
     OR contact IN ('phone', 'any') AND phone IS NOT NULL AND phone_verified_at IS NOT NULL);
COMMENT ON VIEW reachable IS 'Accounts by the ways in which their owners can be reached: email, phone, any; only what is proven';

CREATE VIEW consent_now AS
SELECT k.account_id, p.slug AS purpose, k.version, k.at
  FROM consent_last AS k
  JOIN consent_purpose AS p ON p.id = k.purpose_id AND p.is_active
  JOIN reachable AS r ON r.account_id = k.account_id AND r.contact = p.contact
 WHERE k.is_granted;
COMMENT ON VIEW consent_now IS 'Consents that count at this moment. Whoever sends or asks something that wants consent joins this, and nothing else';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
