import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE SCHEMA gis_staging;
COMMENT ON SCHEMA gis_staging IS 'Features on their way into a layer: one table a file, t<milliseconds since 1970>_<random>';

CREATE TABLE layer_import (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id    bigint REFERENCES account ON DELETE SET NULL,
  file_name     text NOT NULL,
  format        text NOT NULL,
  source        text NOT NULL,
  sources       text[] NOT NULL,
  crs           int NOT NULL,
  is_crs_said   boolean NOT NULL,
  encoding      text,
  geometry_type text NOT NULL CHECK (geometry_type IN ('Point', 'LineString', 'Polygon')),
  state         text NOT NULL DEFAULT 'reading' CHECK (state IN ('reading', 'ready', 'loading', 'done', 'failed')),
  features_read int NOT NULL DEFAULT 0,
  staging       text,
  found         jsonb,
  layer         text,
  result        jsonb,
  failure       jsonb,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX layer_import_created ON layer_import (created_at);
COMMENT ON TABLE  layer_import IS 'Files that staff load into layers, from the upload to the layer; gone after a week';
COMMENT ON COLUMN layer_import.id IS 'Key';
COMMENT ON COLUMN layer_import.account_id IS 'Who loads it';
COMMENT ON COLUMN layer_import.file_name IS 'Name of the file where it came from';
COMMENT ON COLUMN layer_import.format IS 'What it is: shapefile, geopackage, …';
COMMENT ON COLUMN layer_import.source IS 'Table of features inside the file that was read';
COMMENT ON COLUMN layer_import.sources IS 'All tables of features inside the file';
COMMENT ON COLUMN layer_import.crs IS 'EPSG code by which the coordinates were read';
COMMENT ON COLUMN layer_import.is_crs_said IS 'False: guessed from the numbers';
COMMENT ON COLUMN layer_import.encoding IS 'Of the texts, where that is not always UTF-8';
COMMENT ON COLUMN layer_import.geometry_type IS 'Point, LineString or Polygon';
COMMENT ON COLUMN layer_import.state IS 'reading; ready: to be looked at; loading; done; failed';
COMMENT ON COLUMN layer_import.features_read IS 'How many features were read so far';
COMMENT ON COLUMN layer_import.staging IS 'Table in gis_staging with the features; null when it is gone';
COMMENT ON COLUMN layer_import.found IS 'Fields, extent and problems of what was read';
COMMENT ON COLUMN layer_import.layer IS 'Slug of the layer that it went into';
COMMENT ON COLUMN layer_import.result IS 'What loading did';
COMMENT ON COLUMN layer_import.failure IS 'Why it failed, in both languages';
COMMENT ON COLUMN layer_import.created_at IS 'When it was uploaded';
COMMENT ON COLUMN layer_import.updated_at IS 'Last sign of life';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
