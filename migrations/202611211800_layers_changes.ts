import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- What was written to a published collection, by whatever door: those who keep a copy ask for what has changed since. Ids only:
-- whoever asks gets the features as they are by then, and what is not there (any more, or for the public) is gone.
CREATE TABLE collection_change (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection  text NOT NULL,
  xact        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  feature_ids text[] CHECK (cardinality(feature_ids) BETWEEN 1 AND 1000)
);
-- serves opendata/changes: a page goes on after (xact, id)
CREATE INDEX collection_change_order ON collection_change (collection, xact, id);
COMMENT ON TABLE  collection_change IS 'Features that were written to a collection, for those who keep a copy; a thousand at most in a row';
COMMENT ON COLUMN collection_change.id IS 'Key; order inside a transaction';
COMMENT ON COLUMN collection_change.collection IS 'Slug of a layer, or reports';
COMMENT ON COLUMN collection_change.xact IS 'Transaction that wrote them';
COMMENT ON COLUMN collection_change.made_at IS 'When, for those that are kept no longer';
COMMENT ON COLUMN collection_change.feature_ids IS 'Ids of the features; null: the collection was made or rebuilt here, or what was before is not kept';

-- Slices of a fixed-width array are cheap: 0.6 s for a million rows, a hundredth of what it takes to insert them.
CREATE FUNCTION note_changes(collection text, ids anyarray) RETURNS void LANGUAGE sql AS $$
  INSERT INTO collection_change (collection, feature_ids)
  SELECT $1, ids[n : n + 999]::text[] FROM generate_series(1, cardinality(ids), 1000) AS n
$$;
COMMENT ON FUNCTION note_changes(text, anyarray) IS 'Puts down that these features were written; null or empty: nothing';

-- As before, and now it also notes what has changed. With the rights of the owner: who may edit one layer in QGIS need not be
-- given the catalogue.
CREATE OR REPLACE FUNCTION layer_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added   bigint := 0;
  removed bigint := 0;
  extent  box2d;
  ids     bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT count(*), ST_Extent(geom), array_agg(id) INTO added, extent, ids FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT count(*), array_agg(id) INTO removed, ids FROM old_rows;
  ELSE
    SELECT count(*), ST_Extent(geom) INTO added, extent FROM new_rows;
    SELECT count(*) INTO removed FROM old_rows;
    -- The id itself may have been changed.
    SELECT array_agg(id) INTO ids FROM (SELECT id FROM new_rows UNION SELECT id FROM old_rows) AS written;
  END IF;
  UPDATE layer
     SET revision = revision + 1,
         updated_at = now(),
         feature_count = feature_count + added - removed,
         bbox = CASE
                  WHEN extent IS NULL THEN bbox
                  ELSE ARRAY[LEAST(bbox[1], ST_XMin(extent)), LEAST(bbox[2], ST_YMin(extent)),
                             GREATEST(bbox[3], ST_XMax(extent)), GREATEST(bbox[4], ST_YMax(extent))]
                END
   WHERE slug = TG_TABLE_NAME
     AND (added > 0 OR removed > 0);
  PERFORM note_changes(TG_TABLE_NAME::text, ids);
  RETURN NULL;
END $$;

CREATE FUNCTION layer_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ids bigint[];
BEGIN
  EXECUTE format('SELECT array_agg(id) FROM gis.%I', TG_TABLE_NAME) INTO ids;
  UPDATE layer
     SET revision = revision + 1, updated_at = now(), feature_count = 0, bbox = NULL
   WHERE slug = TG_TABLE_NAME AND cardinality(ids) > 0;
  PERFORM note_changes(TG_TABLE_NAME::text, ids);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION layer_emptied() IS 'TRUNCATE of a layer''s table: no transition table tells what was there';
-- They act with the rights of the owner: only tables of ours may set them off.
REVOKE EXECUTE ON FUNCTION layer_changed(), layer_emptied() FROM PUBLIC;

DO $$
DECLARE
  slug text;
BEGIN
  FOR slug IN SELECT l.slug FROM layer AS l WHERE to_regclass(format('gis.%I', l.slug)) IS NOT NULL LOOP
    EXECUTE format('CREATE TRIGGER layer_emptied BEFORE TRUNCATE ON gis.%I FOR EACH STATEMENT EXECUTE FUNCTION layer_emptied()', slug);
  END LOOP;
END $$;

-- A new layer, or other fields than before (one that is closed to the public must leave the copies, too): a copy is to be made anew.
CREATE FUNCTION layer_rebuilt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told CONSTANT text[] := '{title,unit,codes,is_searchable}';
BEGIN
  IF TG_OP = 'INSERT' OR (SELECT jsonb_agg(f - told) FROM jsonb_array_elements(OLD.fields) AS f)
                         IS DISTINCT FROM (SELECT jsonb_agg(f - told) FROM jsonb_array_elements(NEW.fields) AS f) THEN
    INSERT INTO collection_change (collection) VALUES (NEW.slug);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER layer_rebuilt AFTER INSERT OR UPDATE ON layer FOR EACH ROW EXECUTE FUNCTION layer_rebuilt();

-- The public reports are a collection, too. Those that are and were private are not even named here.
CREATE FUNCTION report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id) INTO ids FROM new_rows WHERE is_public;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(id) INTO ids FROM old_rows WHERE is_public;
  ELSE
    SELECT array_agg(id) INTO ids
      FROM (SELECT id FROM new_rows WHERE is_public UNION SELECT id FROM old_rows WHERE is_public) AS written;
  END IF;
  PERFORM note_changes('reports', ids);
  RETURN NULL;
END $$;
CREATE TRIGGER report_inserted AFTER INSERT ON report REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION report_changed();
CREATE TRIGGER report_updated AFTER UPDATE ON report REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION report_changed();
CREATE TRIGGER report_deleted AFTER DELETE ON report REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION report_changed();

-- public_report shows the names of these.
CREATE FUNCTION report_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  IF TG_TABLE_NAME = 'category' THEN
    SELECT array_agg(r.id) INTO ids
      FROM new_rows AS n
      JOIN old_rows AS o ON o.id = n.id AND (o.slug, o.title) IS DISTINCT FROM (n.slug, n.title)
      JOIN report AS r ON r.category_id = n.id AND r.is_public;
  ELSE
    SELECT array_agg(r.id) INTO ids
      FROM new_rows AS n
      JOIN old_rows AS o ON o.id = n.id AND o.slug <> n.slug
      JOIN report AS r ON r.department_id = n.id AND r.is_public;
  END IF;
  PERFORM note_changes('reports', ids);
  RETURN NULL;
END $$;
CREATE TRIGGER report_renamed AFTER UPDATE ON category REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION report_renamed();
CREATE TRIGGER report_renamed AFTER UPDATE ON department REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION report_renamed();

-- What was before is known of no collection.
INSERT INTO collection_change (collection) SELECT slug FROM layer UNION ALL SELECT 'reports';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
