import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE prepared_download (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  collection    text NOT NULL,
  extension     text NOT NULL,
  query         jsonb NOT NULL,
  language      text NOT NULL,
  content       text NOT NULL UNIQUE,
  fields        text[] NOT NULL,
  state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'failed')),
  features_done int NOT NULL DEFAULT 0,
  feature_count int NOT NULL,
  bytes         bigint,
  sha256        text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  created_at    timestamptz NOT NULL DEFAULT now(),
  CHECK (state <> 'ready' OR (bytes IS NOT NULL AND sha256 IS NOT NULL))
);
COMMENT ON TABLE  prepared_download IS 'Downloads that somebody asked to have prepared; for a day';
COMMENT ON COLUMN prepared_download.id IS 'Key, and name of the file in the storage';
COMMENT ON COLUMN prepared_download.collection IS 'Slug of the layer';
COMMENT ON COLUMN prepared_download.extension IS 'Form';
COMMENT ON COLUMN prepared_download.query IS 'Parameters of the download';
COMMENT ON COLUMN prepared_download.language IS 'Language of titles in it';
COMMENT ON COLUMN prepared_download.content IS 'Version of the dataset and what is asked of it: who asks the same gets the same file';
COMMENT ON COLUMN prepared_download.fields IS 'Names of the fields in it: a file with one that is not public any more is not given out';
COMMENT ON COLUMN prepared_download.state IS 'waiting (or under way), ready or failed';
COMMENT ON COLUMN prepared_download.features_done IS 'How many are written';
COMMENT ON COLUMN prepared_download.feature_count IS 'How many there will be';
COMMENT ON COLUMN prepared_download.bytes IS 'Size of the file';
COMMENT ON COLUMN prepared_download.sha256 IS 'Digest of the file, hexadecimal';
COMMENT ON COLUMN prepared_download.created_at IS 'When it was asked for';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
