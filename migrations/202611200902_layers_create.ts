import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE SCHEMA gis;
COMMENT ON SCHEMA gis IS 'One real table a layer, named by its slug; open to QGIS, ogr2ogr and plain SQL';

CREATE TABLE layer (
  slug           text PRIMARY KEY CHECK (slug ~ '^[a-z][a-z0-9_]{0,39}$'),
  title          jsonb NOT NULL,
  description    jsonb NOT NULL,
  role           text NOT NULL,
  theme          text NOT NULL,
  geometry_type  text NOT NULL CHECK (geometry_type IN ('Point', 'LineString', 'Polygon')),
  key_field      text,
  title_fields   jsonb,
  fields         jsonb NOT NULL,
  min_zoom       int NOT NULL,
  max_zoom       int NOT NULL,
  visibility     text NOT NULL CHECK (visibility IN ('public', 'staff')),
  is_on_at_start boolean NOT NULL,
  licence        text NOT NULL,
  attribution    jsonb NOT NULL,
  style          jsonb NOT NULL,
  legend         jsonb NOT NULL,
  position       int GENERATED ALWAYS AS IDENTITY,
  revision       int NOT NULL DEFAULT 1,
  feature_count  int NOT NULL DEFAULT 0,
  bbox           float8[],
  updated_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  layer IS 'Catalogue of layers; the features of each live in gis.<slug>';
COMMENT ON COLUMN layer.slug IS 'Name in URLs and of the table';
COMMENT ON COLUMN layer.title IS 'Title, {el, en}';
COMMENT ON COLUMN layer.description IS 'What it holds, {el, en}';
COMMENT ON COLUMN layer.role IS 'What it means to routing and "what is here"';
COMMENT ON COLUMN layer.theme IS 'Group in the layer panel';
COMMENT ON COLUMN layer.geometry_type IS 'Lines and polygons are stored as Multi*';
COMMENT ON COLUMN layer.key_field IS 'Field that names a feature for good';
COMMENT ON COLUMN layer.title_fields IS 'Fields with the title of a feature, {el, en}';
COMMENT ON COLUMN layer.fields IS 'Field definitions: name, type, titles, unit, codes, is_public';
COMMENT ON COLUMN layer.min_zoom IS 'Tiles start here';
COMMENT ON COLUMN layer.max_zoom IS 'Tiles end here; maps overzoom';
COMMENT ON COLUMN layer.visibility IS 'public or staff';
COMMENT ON COLUMN layer.is_on_at_start IS 'Shown when the portal opens';
COMMENT ON COLUMN layer.licence IS 'SPDX identifier';
COMMENT ON COLUMN layer.attribution IS 'Whom to name, {el, en}';
COMMENT ON COLUMN layer.style IS 'MapLibre style layers without id and source';
COMMENT ON COLUMN layer.legend IS 'Legend entries';
COMMENT ON COLUMN layer.position IS 'Order in lists';
COMMENT ON COLUMN layer.revision IS 'Goes up with every change of the features; part of ETags and tile URLs';
COMMENT ON COLUMN layer.feature_count IS 'Number of features';
COMMENT ON COLUMN layer.bbox IS 'West, south, east, north; degrees, EPSG:4326; may be larger than needed after deletions';
COMMENT ON COLUMN layer.updated_at IS 'Last change of the features';

-- Every change of a layer's table, by the portal, QGIS or SQL, moves its revision, count and extent. One run a statement.
CREATE FUNCTION layer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  added   bigint := 0;
  removed bigint := 0;
  extent  box2d;
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    SELECT count(*), ST_Extent(geom) INTO added, extent FROM new_rows;
  END IF;
  IF TG_OP IN ('DELETE', 'UPDATE') THEN
    SELECT count(*) INTO removed FROM old_rows;
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
  RETURN NULL;
END $$;

-- What routing and search read. The layers module rewrites the three views whenever the catalogue changes,
-- so an edit in QGIS counts at once and no copy can grow stale.
CREATE VIEW area AS
  SELECT ''::text AS role, ''::text AS layer, ''::text AS slug, NULL::jsonb AS title, 0::float8 AS area_m2, NULL::geometry(MultiPolygon, 4326) AS geom
   WHERE false;
COMMENT ON VIEW area IS 'Features of all polygon layers that can hold a report; area_m2 in square metres';
CREATE VIEW address AS
  SELECT ''::text AS layer, 0::bigint AS id, NULL::jsonb AS title, NULL::geometry(Point, 4326) AS geom
   WHERE false;
COMMENT ON VIEW address IS 'Features of the layers with role address';
CREATE VIEW searchable AS
  SELECT ''::text AS role, ''::text AS layer, ''::text AS visibility, 0::bigint AS id, NULL::jsonb AS title, ''::text AS key, NULL::geometry AS geom
   WHERE false;
COMMENT ON VIEW searchable IS 'Features with a title, with latin_key() of it; visibility of the layer must be asked for';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
