import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE open311_endpoint (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  url             text NOT NULL,
  jurisdiction_id text,
  api_key         bytea,
  source          text NOT NULL,
  has_updates     boolean NOT NULL DEFAULT true,
  created_at      timestamptz NOT NULL DEFAULT now(),
  read_until      timestamptz,
  read_after      timestamptz NOT NULL DEFAULT now(),
  failures        int NOT NULL DEFAULT 0,
  last_error      text
);
COMMENT ON TABLE  open311_endpoint IS 'Other bodies that get reports from us by Open311 GeoReport v2';
COMMENT ON COLUMN open311_endpoint.id IS 'Key';
COMMENT ON COLUMN open311_endpoint.title IS 'Name of the body, as people read it';
COMMENT ON COLUMN open311_endpoint.url IS 'Address up to the version, without a slash at its end';
COMMENT ON COLUMN open311_endpoint.jurisdiction_id IS 'Which jurisdiction we mean, where the address serves several';
COMMENT ON COLUMN open311_endpoint.api_key IS 'Our key there, sealed with the key of the installation';
COMMENT ON COLUMN open311_endpoint.source IS 'Address of this portal, as the other body reads it';
COMMENT ON COLUMN open311_endpoint.has_updates IS 'False: it has no service request updates, so the state of the requests is read';
COMMENT ON COLUMN open311_endpoint.created_at IS 'When it was made';
COMMENT ON COLUMN open311_endpoint.read_until IS 'Updates until then have been read; null: none yet';
COMMENT ON COLUMN open311_endpoint.read_after IS 'Not asked again before then';
COMMENT ON COLUMN open311_endpoint.failures IS 'How often in a row asking has failed';
COMMENT ON COLUMN open311_endpoint.last_error IS 'Why it failed the last time; null: it did not';

CREATE TABLE open311_mapping (
  category_id   bigint PRIMARY KEY REFERENCES category ON DELETE CASCADE,
  endpoint_id   bigint NOT NULL REFERENCES open311_endpoint ON DELETE CASCADE,
  service_code  text NOT NULL,
  sends_contact boolean NOT NULL DEFAULT false
);
CREATE INDEX open311_mapping_endpoint ON open311_mapping (endpoint_id);
COMMENT ON TABLE  open311_mapping IS 'Reports of which categories are forwarded, where to and as what';
COMMENT ON COLUMN open311_mapping.category_id IS 'Category; forwarded to one body at most';
COMMENT ON COLUMN open311_mapping.endpoint_id IS 'Where to';
COMMENT ON COLUMN open311_mapping.service_code IS 'What it is called there';
COMMENT ON COLUMN open311_mapping.sends_contact IS 'True: name, e-mail and telephone of the reporter go with it';

CREATE TABLE report_forward (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  report_id       uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  endpoint_id     bigint NOT NULL REFERENCES open311_endpoint ON DELETE CASCADE,
  service_code    text NOT NULL,
  state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts        int NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL DEFAULT now(),
  first_attempt_at timestamptz,
  last_attempt_at timestamptz,
  last_error      text,
  last_status     int,
  last_words      text,
  sent_at         timestamptz,
  remote_id       text,
  remote_token    text,
  remote_status   text,
  remote_notes    text,
  UNIQUE (report_id, endpoint_id)
);
-- what is listed: those given up first
CREATE INDEX report_forward_state ON report_forward (state, created_at DESC, id);
-- a remote number belongs to one of ours
CREATE UNIQUE INDEX report_forward_remote ON report_forward (endpoint_id, remote_id) WHERE remote_id IS NOT NULL;
COMMENT ON TABLE  report_forward IS 'Reports on their way to other bodies, and what those call them';
COMMENT ON COLUMN report_forward.id IS 'Key, and Idempotency-Key of the sending';
COMMENT ON COLUMN report_forward.report_id IS 'The report';
COMMENT ON COLUMN report_forward.endpoint_id IS 'Where to';
COMMENT ON COLUMN report_forward.service_code IS 'What it is called there';
COMMENT ON COLUMN report_forward.state IS 'waiting; sent; failed: given up until somebody sends it again';
COMMENT ON COLUMN report_forward.attempts IS 'How often it was sent since it was last put on its way';
COMMENT ON COLUMN report_forward.created_at IS 'When it was put on its way';
COMMENT ON COLUMN report_forward.first_attempt_at IS 'When it was first sent; from then on it may be there';
COMMENT ON COLUMN report_forward.last_attempt_at IS 'When it was last sent';
COMMENT ON COLUMN report_forward.last_error IS 'Why the last sending failed';
COMMENT ON COLUMN report_forward.last_status IS 'HTTP status of the last answer; null: there was none';
COMMENT ON COLUMN report_forward.last_words IS 'What the other body said about it';
COMMENT ON COLUMN report_forward.sent_at IS 'When it had arrived';
COMMENT ON COLUMN report_forward.remote_id IS 'service_request_id there';
COMMENT ON COLUMN report_forward.remote_token IS 'Stands for the number until there is one';
COMMENT ON COLUMN report_forward.remote_status IS 'open or closed, as last heard';
COMMENT ON COLUMN report_forward.remote_notes IS 'status_notes, as last heard';

CREATE TABLE report_forward_update (
  forward_id uuid NOT NULL REFERENCES report_forward ON DELETE CASCADE,
  update_id  text NOT NULL,
  PRIMARY KEY (forward_id, update_id)
);
COMMENT ON TABLE  report_forward_update IS 'Updates of other bodies that are in the timeline already';
COMMENT ON COLUMN report_forward_update.forward_id IS 'What they are about';
COMMENT ON COLUMN report_forward_update.update_id IS 'Their id there';

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'refused', 'forwarded'));
COMMENT ON COLUMN timeline_entry.note IS 'Words of the municipality, of the body it was forwarded to, or of a citizen where the feature says so';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
