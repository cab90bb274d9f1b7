import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE school_rule (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  school_year text NOT NULL CHECK (school_year ~ '^[0-9]{4}-[0-9]{4}$'),
  school      text NOT NULL,
  street      text NOT NULL,
  parity      text NOT NULL CHECK (parity IN ('odd', 'even', 'both')),
  from_number int CHECK (from_number >= 0),
  to_number   int CHECK (to_number >= from_number),
  decision    text
);
COMMENT ON TABLE  school_rule IS 'Street register of school zones, as directorates of education publish it; all lines that fit a house count';
COMMENT ON COLUMN school_rule.id IS 'Key';
COMMENT ON COLUMN school_rule.school_year IS 'School year, e.g. 2026-2027';
COMMENT ON COLUMN school_rule.school IS 'Key of a feature in a layer with role school';
COMMENT ON COLUMN school_rule.street IS 'Key of a street, as the field street of addresses names it';
COMMENT ON COLUMN school_rule.parity IS 'Which house numbers: odd, even or both';
COMMENT ON COLUMN school_rule.from_number IS 'First house number; null: from the beginning';
COMMENT ON COLUMN school_rule.to_number IS 'Last house number; null: to the end';
COMMENT ON COLUMN school_rule.decision IS 'Decision of the directorate it comes from';
-- the houses of a street in a year: find.sql, conflicts.sql
CREATE INDEX school_rule_street ON school_rule (school_year, street);

-- Asked by the school finder and by "what is here", so that both say the same.
CREATE FUNCTION school_claim(lon float8, lat float8, asked_year text, house_m float8, staff boolean)
RETURNS TABLE (school text, by text, decision text, zone jsonb, school_year text, house jsonb)
LANGUAGE sql STABLE AS $$
  WITH here AS (
    SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
  ),
  house AS MATERIALIZED (
    SELECT a.*
      FROM here AS h
     CROSS JOIN LATERAL (
           SELECT CASE WHEN s.has_open_title THEN f.title END AS title, f.properties->>'street' AS street,
                  substring(f.properties->>'number' FROM '^[0-9]{1,9}')::int AS number,
                  round(f.distance_m::numeric, 1)::float8 AS distance_m
             FROM seen_layer(staff) AS s
            CROSS JOIN LATERAL (
                  SELECT x.*, ST_Distance(x.geom::geography, h.geom::geography) AS distance_m
                    FROM feature AS x
                   WHERE x.layer = s.slug
                     AND x.geom && ST_Expand(h.geom, house_m / 80000)
                     AND ST_DWithin(x.geom::geography, h.geom::geography, house_m)
                   ORDER BY distance_m, x.key
                   LIMIT 1
                  ) AS f
            WHERE s.role = 'address'
            ORDER BY f.distance_m
            LIMIT 1
           ) AS a
  ),
  zone AS MATERIALIZED (
    SELECT s.slug, CASE WHEN s.has_open_title THEN x.title END AS title, x.properties->>'school' AS school,
           x.properties->>'school_year' AS school_year, x.geom, x.key
      FROM seen_layer(staff) AS s
     CROSS JOIN LATERAL (SELECT f.* FROM feature AS f WHERE f.layer = s.slug OFFSET 0) AS x
     WHERE s.role = 'school_zone'
  ),
  -- Before a new year's zones are known, those of the year before are told, and that they are.
  year AS (
    SELECT COALESCE(max(y.school_year), asked_year) AS school_year
      FROM (SELECT r.school_year FROM school_rule AS r UNION ALL SELECT z.school_year FROM zone AS z) AS y
     WHERE y.school_year <= asked_year
  )
  SELECT r.school, 'register', r.decision, NULL::jsonb, y.school_year, jsonb_build_object('title', h.title, 'distance_m', h.distance_m)
    FROM year AS y
   CROSS JOIN house AS h
    JOIN school_rule AS r ON r.street = h.street
   WHERE r.school_year = y.school_year
     AND (r.parity = 'both' OR (r.parity = 'odd') = (h.number % 2 = 1))
     AND h.number BETWEEN COALESCE(r.from_number, 0) AND COALESCE(r.to_number, h.number)
   UNION ALL
  SELECT z.school, 'zone', NULL, z.title, y.school_year, NULL
    FROM year AS y
   CROSS JOIN LATERAL (
         -- On a shared edge always the same one: one a layer, because primary and secondary have zones of their own.
         SELECT DISTINCT ON (t.slug) t.*
           FROM zone AS t
           JOIN here AS h ON t.geom && h.geom AND ST_Covers(t.geom, h.geom)
          WHERE COALESCE(t.school_year, y.school_year) = y.school_year
          ORDER BY t.slug, ST_Area(t.geom), t.key
         ) AS z
$$;
COMMENT ON FUNCTION school_claim(float8, float8, text, float8, boolean) IS 'Schools that register and zones give to a point (degrees, EPSG:4326) in a school year, or in the last one before it that is known; house_m: how far the house may be, metres';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
