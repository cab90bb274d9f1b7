import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- What layers held before a file took the place of all their features: copies, of whatever columns the layer had. No role of the
-- database is given anything here, and no view, tile or API reads it: values that are closed today stay closed.
CREATE SCHEMA gis_former;
COMMENT ON SCHEMA gis_former IS 'Former features of layers that a file replaced, one table each; layer_former tells what they are';

CREATE TABLE layer_former (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer         text NOT NULL,
  table_name    text NOT NULL UNIQUE,
  definition    jsonb NOT NULL,
  feature_count int NOT NULL CHECK (feature_count >= 0),
  replaced_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  account_id    bigint REFERENCES account ON DELETE SET NULL,
  db_role       text,
  file_name     text
);
-- serves the list of a layer, newest first, and what is to be kept of it
CREATE INDEX layer_former_layer ON layer_former (layer, id);
CREATE INDEX layer_former_account ON layer_former (account_id);
COMMENT ON TABLE  layer_former IS 'Former features of layers, kept when all of them were replaced; they can be put back';
COMMENT ON COLUMN layer_former.id IS 'Key and order';
COMMENT ON COLUMN layer_former.layer IS 'Slug of the layer';
COMMENT ON COLUMN layer_former.table_name IS 'Table in gis_former with id, the columns of that time and geom (EPSG:4326)';
COMMENT ON COLUMN layer_former.definition IS 'The layer as it was defined then; retired fields of that time stand beside the fields';
COMMENT ON COLUMN layer_former.feature_count IS 'How many features they are';
COMMENT ON COLUMN layer_former.replaced_at IS 'When something else took their place';
COMMENT ON COLUMN layer_former.account_id IS 'Who replaced them, in the portal';
COMMENT ON COLUMN layer_former.db_role IS 'Role of the database that replaced them, where no account did';
COMMENT ON COLUMN layer_former.file_name IS 'The file that took their place; null: other former features, put back';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
