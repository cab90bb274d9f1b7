import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE dataset_version (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection    text NOT NULL,
  made_on       date NOT NULL,
  extension     text NOT NULL,
  content       text NOT NULL,
  fields        text[] NOT NULL,
  feature_count int NOT NULL,
  file          text NOT NULL UNIQUE,
  bytes         bigint NOT NULL,
  sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (collection, made_on, extension)
);
COMMENT ON TABLE  dataset_version IS 'Datasets as they were on a day; the files are in the storage';
COMMENT ON COLUMN dataset_version.id IS 'Key';
COMMENT ON COLUMN dataset_version.collection IS 'Slug of the layer';
COMMENT ON COLUMN dataset_version.made_on IS 'Day, in Greece; part of the address';
COMMENT ON COLUMN dataset_version.extension IS 'Form: geojson or gpkg';
COMMENT ON COLUMN dataset_version.content IS 'Version of the content: as long as it is the same, no other file is made';
COMMENT ON COLUMN dataset_version.fields IS 'Names of the fields in it: a file with one that is not public any more is not given out';
COMMENT ON COLUMN dataset_version.feature_count IS 'Number of features';
COMMENT ON COLUMN dataset_version.file IS 'Name in the storage';
COMMENT ON COLUMN dataset_version.bytes IS 'Size';
COMMENT ON COLUMN dataset_version.sha256 IS 'Digest, hexadecimal';
COMMENT ON COLUMN dataset_version.created_at IS 'When it was made';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
