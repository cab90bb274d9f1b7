import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Tile addresses carry the revision and may be cached for a day: what closes a field or a layer must move it too.
-- Imports and layer_changed() raise it themselves.
CREATE FUNCTION layer_redefined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER layer_redefined BEFORE UPDATE ON layer FOR EACH ROW
  WHEN (NEW.revision = OLD.revision
    AND (NEW.fields, NEW.visibility, NEW.min_zoom, NEW.max_zoom, NEW.key_field)
        IS DISTINCT FROM (OLD.fields, OLD.visibility, OLD.min_zoom, OLD.max_zoom, OLD.key_field))
  EXECUTE FUNCTION layer_redefined();
COMMENT ON COLUMN layer.revision IS 'Goes up with every change of the features, the fields, the zooms or who may see them; part of ETags and tile URLs';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
