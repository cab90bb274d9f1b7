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

-- What the search box compares. "Ο.Τ.7" is also "ΟΤ 7", "Ερμού12" also "Ερμού 12". PL/pgSQL and not SQL: an inlined function
-- loses its cost, and the planner reads whole tables instead of the trigram indexes.
CREATE FUNCTION search_key(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 2000 AS $$
BEGIN
  RETURN public.latin_key(regexp_replace(replace(value, '.', ''), '([^[:space:]0-9])([0-9])', '\\1 \\2', 'g'));
END $$;
COMMENT ON FUNCTION search_key(text) IS 'Key of a text for search: latin_key() without dots, numbers apart from words';

-- One row a feature and searched field. Empty here; the program rewrites it from the catalogue after its migrations and with every import.
DROP VIEW searchable;
CREATE VIEW searchable AS
  SELECT ''::text AS layer, ''::text AS field, false AS is_title, 0::bigint AS id, NULL::jsonb AS title, ''::text AS key, NULL::geometry AS geom
   WHERE false;
COMMENT ON VIEW searchable IS 'Searched texts of features, one row a feature and field, key is search_key() of the text; the catalogue must be asked who may see layer and field';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
