import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE category
  ADD COLUMN asset_layer  text,
  ADD COLUMN asset_snap_m int NOT NULL DEFAULT 15 CHECK (asset_snap_m BETWEEN 1 AND 200),
  -- A street light is at one place.
  ADD CONSTRAINT category_asset_is_a_point CHECK (asset_layer IS NULL OR geometries = '{point}');
COMMENT ON COLUMN category.asset_layer IS 'Layer of the things that its reports are about, such as street lights; null: about none';
COMMENT ON COLUMN category.asset_snap_m IS 'Metres within which a pin goes to the nearest of them';

-- By layer and key, so that it survives when the layer is replaced.
ALTER TABLE report
  ADD COLUMN asset_layer text,
  ADD COLUMN asset_key   text,
  ADD CONSTRAINT report_asset_is_whole CHECK ((asset_layer IS NULL) = (asset_key IS NULL));
COMMENT ON COLUMN report.asset_layer IS 'Layer of the thing that it is about';
COMMENT ON COLUMN report.asset_key IS 'Key of that thing in its layer';
-- what else was reported about a thing, the newest first
CREATE INDEX report_asset ON report (asset_layer, asset_key, created_at DESC) WHERE asset_key IS NOT NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
