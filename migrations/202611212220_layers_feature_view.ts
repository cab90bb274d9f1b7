import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Read it one layer at a time: LATERAL (SELECT … FROM feature AS f WHERE f.layer = l.slug … OFFSET 0). Then the parts of the other
-- layers end at a constant; without OFFSET 0 (or LIMIT) the planner joins all features of the city with the catalogue.
-- Empty here; the program rewrites it from the catalogue after its migrations and with every import.
CREATE VIEW feature AS
  SELECT ''::text AS layer, 0::bigint AS id, ''::text AS key, NULL::jsonb AS title, '{}'::jsonb AS properties, NULL::geometry AS geom
   WHERE false;
COMMENT ON VIEW feature IS 'Features of all layers but administrative areas and what is only drawn, with all their fields; seen_layer() says who may see layer and fields';

-- One place decides what of the view may leave. LANGUAGE sql and STABLE: the planner puts it into the query that asks.
CREATE FUNCTION seen_layer(staff boolean)
RETURNS TABLE (slug text, title jsonb, role text, theme text, "position" int, attribution jsonb, licence text, updated_at timestamptz,
               definitions jsonb, fields text[], has_open_title boolean)
LANGUAGE sql STABLE AS $$
  SELECT l.slug, l.title, l.role, l.theme, l.position, l.attribution, l.licence, l.updated_at, l.fields, o.fields,
         -- A key is no title, and a title made of a closed field is none either.
         COALESCE(l.title_fields->>'el' = ANY (o.fields) AND l.title_fields->>'en' = ANY (o.fields), false)
           AND COALESCE(l.key_field = ANY (o.fields), true)
    FROM layer AS l
   CROSS JOIN LATERAL (
         SELECT ARRAY(SELECT f.name
                        FROM jsonb_to_recordset(l.fields) AS f (name text, is_public boolean)
                       WHERE staff OR f.is_public IS NOT false) AS fields
         ) AS o
   WHERE staff OR l.visibility = 'public'
$$;
COMMENT ON FUNCTION seen_layer(boolean) IS 'Layers that the public, or staff, may see, with the names of the fields they may see; has_open_title: the title of a feature may be told';

CREATE FUNCTION seen_properties(properties jsonb, fields text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(jsonb_object_agg(p.key, p.value), '{}')
    FROM jsonb_each(properties) AS p
   WHERE p.value <> 'null'
     AND p.key = ANY (fields)
$$;
COMMENT ON FUNCTION seen_properties(jsonb, text[]) IS 'The properties that are among the fields and have a value';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
