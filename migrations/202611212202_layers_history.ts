import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE feature_change (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer      text NOT NULL,
  feature_id bigint,
  action     text NOT NULL CHECK (action IN ('create', 'change', 'delete', 'replace', 'renew')),
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  account_id bigint REFERENCES account ON DELETE SET NULL,
  db_role    text,
  before     jsonb,
  shape      bytea,
  CHECK ((feature_id IS NULL) = (action IN ('replace', 'renew')))
);
-- serve layers/history: the newest of a layer, and of a feature
CREATE INDEX feature_change_layer ON feature_change (layer, id);
CREATE INDEX feature_change_feature ON feature_change (layer, feature_id, id);
CREATE INDEX feature_change_account ON feature_change (account_id);
COMMENT ON TABLE  feature_change IS 'What was done to the features of layers, by whatever door. What a change made of a feature stands in the next change of it, or in its layer';
COMMENT ON COLUMN feature_change.id IS 'Key and order';
COMMENT ON COLUMN feature_change.layer IS 'Slug of the layer';
COMMENT ON COLUMN feature_change.feature_id IS 'Id in the table of the layer; null: all of them';
COMMENT ON COLUMN feature_change.action IS 'create, change, delete; replace: a file took their place, by key; renew: a file took their place, and ids mean others since';
COMMENT ON COLUMN feature_change.made_at IS 'When';
COMMENT ON COLUMN feature_change.account_id IS 'Who, by portal or API';
COMMENT ON COLUMN feature_change.db_role IS 'Role of the database that wrote without an account, e.g. from QGIS';
COMMENT ON COLUMN feature_change.before IS 'Values before, by column; null: there was no feature';
COMMENT ON COLUMN feature_change.shape IS 'Geometry before, EWKB, EPSG:4326';

-- The columns of a layer's table that people write, of a row alias; geometry stands beside them, computed columns follow.
CREATE FUNCTION written_columns(relation oid, alias text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(string_agg(format('%I.%I', alias, attname), ', ' ORDER BY attnum), 'NULL')
    FROM pg_attribute
   WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('id', 'geom')
$$;
COMMENT ON FUNCTION written_columns(oid, text) IS 'Columns that people write, for a dynamic statement';

-- As before (layers_changes), and now it also keeps what was there. An account is believed only of the application's own role: who comes
-- with another must not write in the name of somebody. Dynamic where it names columns: one that was added since must not meet a plan that
-- is kept.
CREATE OR REPLACE FUNCTION layer_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added   bigint := 0;
  removed bigint := 0;
  extent  box2d;
  ids     bigint[];
  account bigint := CASE WHEN session_user = current_user THEN NULLIF(current_setting('asty.account', true), '')::bigint END;
  role    text := CASE WHEN account IS NULL THEN session_user END;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT count(*), ST_Extent(geom), array_agg(id) INTO added, extent, ids FROM new_rows;
    INSERT INTO feature_change (layer, feature_id, action, account_id, db_role)
    SELECT TG_TABLE_NAME, id, 'create', account, role FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT count(*), array_agg(id) INTO removed, ids FROM old_rows;
    EXECUTE format('INSERT INTO feature_change (layer, feature_id, action, account_id, db_role, before, shape)
                    SELECT $1, o.id, ''delete'', $2, $3, (SELECT to_jsonb(r) FROM (SELECT %s) AS r), ST_AsEWKB(o.geom) FROM old_rows AS o',
                   written_columns(TG_RELID, 'o')) USING TG_TABLE_NAME, account, role;
  ELSE
    SELECT count(*), ST_Extent(geom) INTO added, extent FROM new_rows;
    SELECT count(*) INTO removed FROM old_rows;
    -- The id itself may have been changed: that is one feature less and one more.
    SELECT array_agg(id) INTO ids FROM (SELECT id FROM new_rows UNION SELECT id FROM old_rows) AS written;
    EXECUTE format('INSERT INTO feature_change (layer, feature_id, action, account_id, db_role, before, shape)
                    SELECT $1, COALESCE(o.id, n.id), CASE WHEN o.id IS NULL THEN ''create'' WHEN n.id IS NULL THEN ''delete'' ELSE ''change'' END, $2, $3,
                           CASE WHEN o.id IS NOT NULL THEN (SELECT to_jsonb(r) FROM (SELECT %s) AS r) END, ST_AsEWKB(o.geom)
                      FROM old_rows AS o FULL JOIN new_rows AS n ON n.id = o.id
                     WHERE o IS DISTINCT FROM n',
                   written_columns(TG_RELID, 'o')) USING TG_TABLE_NAME, account, role;
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

CREATE OR REPLACE FUNCTION layer_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ids     bigint[];
  account bigint := CASE WHEN session_user = current_user THEN NULLIF(current_setting('asty.account', true), '')::bigint END;
  role    text := CASE WHEN account IS NULL THEN session_user END;
BEGIN
  EXECUTE format('SELECT array_agg(id) FROM gis.%I', TG_TABLE_NAME) INTO ids;
  EXECUTE format('INSERT INTO feature_change (layer, feature_id, action, account_id, db_role, before, shape)
                  SELECT $1, o.id, ''delete'', $2, $3, (SELECT to_jsonb(r) FROM (SELECT %s) AS r), ST_AsEWKB(o.geom) FROM gis.%I AS o',
                 written_columns(TG_RELID, 'o'), TG_TABLE_NAME) USING TG_TABLE_NAME, account, role;
  UPDATE layer
     SET revision = revision + 1, updated_at = now(), feature_count = 0, bbox = NULL
   WHERE slug = TG_TABLE_NAME AND cardinality(ids) > 0;
  PERFORM note_changes(TG_TABLE_NAME::text, ids);
  RETURN NULL;
END $$;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
