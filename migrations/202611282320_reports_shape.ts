import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE category ADD COLUMN geometries text[] NOT NULL DEFAULT '{point}'
  CHECK (cardinality(geometries) > 0 AND geometries <@ ARRAY['point', 'line', 'area']);
COMMENT ON COLUMN category.geometries IS 'What its reports may be drawn as: point, line, area';

ALTER TABLE report ADD COLUMN shape geometry(Geometry, 4326)
  CHECK (shape IS NULL OR (ST_IsValid(shape) AND GeometryType(shape) IN ('LINESTRING', 'POLYGON')));
COMMENT ON COLUMN report.shape IS 'The whole line or area, where it is more than a point; EPSG:4326';
COMMENT ON COLUMN report.geom IS 'Where; of a line or an area a point on it, in the district that leads; EPSG:4326';
-- duplicate hints: a stretch is near all along. Points have none.
CREATE INDEX report_shape ON report USING gist (shape) WHERE shape IS NOT NULL;

-- A function, because intake and the replay of rules must weigh shapes alike. 1e-7 degrees (1 cm) is the grid on which borders are
-- met: a line along a slanted border, which rounding puts on neither side, lies on both. 1e-6: EDGE_DEG of places.
CREATE FUNCTION areas_of(shape geometry)
RETURNS TABLE (role text, layer text, slug text, title jsonb, area_m2 float8, share float8, is_leading boolean, part geometry)
LANGUAGE sql STABLE ROWS 10 AS $$
  WITH touched AS (
    SELECT a.role, a.layer, a.slug, a.title, a.area_m2,
           ST_CollectionExtract(ST_Intersection(a.geom, shape, 1e-7), ST_Dimension(shape) + 1) AS part
      FROM area AS a
     WHERE a.geom && ST_Expand(shape, 1e-6)
       AND ST_DWithin(a.geom, shape, 1e-6)
  ),
  sized AS (
    SELECT t.*,
           CASE ST_Dimension(shape) WHEN 1 THEN ST_Length(t.part::geography) ELSE ST_Area(t.part::geography) END AS size,
           CASE ST_Dimension(shape) WHEN 1 THEN ST_Length(shape::geography) ELSE ST_Area(shape::geography) END AS whole
      FROM touched AS t
  ),
  inside AS (
    SELECT s.*, COALESCE(max(s.size) FILTER (WHERE s.role = 'boundary') OVER (), s.whole) AS in_town
      FROM sized AS s
  ),
  shared AS (
    SELECT i.*,
           round(LEAST(1, i.size / NULLIF(CASE WHEN i.role = 'boundary' THEN i.whole ELSE i.in_town END, 0))::numeric, 4) AS share
      FROM inside AS i
  )
  SELECT s.role, s.layer, s.slug, s.title, s.area_m2, s.share::float8,
         s.share > 0.5
         OR (    row_number() OVER (PARTITION BY s.layer ORDER BY s.share DESC, s.area_m2, s.slug) = 1
             AND (s.role = 'boundary' OR s.share >= 1 - sum(s.share) OVER (PARTITION BY s.layer))),
         s.part
    FROM shared AS s
   WHERE s.share > 0
$$;
COMMENT ON FUNCTION areas_of(geometry) IS 'Areas that a line or an area (EPSG:4326) touches, each with its share of what lies in the municipality, by metres on the spheroid; of the municipality itself the share of the whole. An area leads its layer with most of it, or with more than any other and than what lies in none; ties go to the smaller area, then the first by key';

CREATE OR REPLACE VIEW public_report AS
  SELECT r.id, k.protocol, c.slug AS category, c.title->>'el' AS category_el, c.title->>'en' AS category_en, r.status, r.district,
         d.slug AS department, r.created_at, r.updated_at, r.due_at, r.closed_at, r.geom,
         CASE WHEN r.answers <> '{}' THEN public_answers(r.answers, f.questions) END AS answers,
         ST_AsGeoJSON(r.shape, 6)::jsonb AS shape
    FROM report AS r
    JOIN case_record AS k ON k.id = r.id
    JOIN category AS c ON c.id = r.category_id
    LEFT JOIN department AS d ON d.id = r.department_id
    LEFT JOIN category_form AS f ON f.id = r.form_id
   WHERE r.is_public;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
