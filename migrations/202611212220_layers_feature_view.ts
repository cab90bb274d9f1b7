import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Empty here; the program rewrites it from the catalogue after its migrations and with every import.
CREATE VIEW feature AS
  SELECT ''::text AS layer, 0::bigint AS id, ''::text AS key, NULL::jsonb AS title, '{}'::jsonb AS properties, NULL::geometry AS geom
   WHERE false;
COMMENT ON VIEW feature IS 'Features of the layers that "what is here" tells, with all their fields; the catalogue must be asked who may see layer and fields';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
