import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- A collection like any layer: id, geom and columns. Everything that publishes reports reads them here, so what is not
-- public is decided once.
CREATE VIEW public_report AS
  SELECT r.id, k.protocol, c.slug AS category, c.title->>'el' AS category_el, c.title->>'en' AS category_en, r.status, r.district,
         d.slug AS department, r.created_at, r.updated_at, r.due_at, r.closed_at, r.geom
    FROM report AS r
    JOIN case_record AS k ON k.id = r.id
    JOIN category AS c ON c.id = r.category_id
    LEFT JOIN department AS d ON d.id = r.department_id
   WHERE r.is_public;
COMMENT ON VIEW public_report IS 'Public reports as open data: no words, no names, no contacts, no photos';

-- the version of the collection: what has changed last
CREATE INDEX report_public_updated ON report (updated_at) WHERE is_public;

-- CQL2 (OGC 21-065r2) CASEI and ACCENTI. translate() because lower() knows no Greek under every collation; both sigmas are one
-- letter (Unicode full case folding).
CREATE FUNCTION casei(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT translate(lower(value),
    'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫς',
    'αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋσ')
$$;
COMMENT ON FUNCTION casei(text) IS 'Text without case, for comparison';
CREATE FUNCTION accenti(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT normalize(regexp_replace(normalize(value, NFD), '[\\u0300-\\u036f]', '', 'g'), NFC)
$$;
COMMENT ON FUNCTION accenti(text) IS 'Text without accents and other marks, for comparison';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
