import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE FUNCTION address_key(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 4000 AS $$
DECLARE
  -- What stands behind a comma is the town; a postcode is none of the address.
  k text := public.search_key(regexp_replace(replace(regexp_replace(split_part(value, ',', 1), '([0-9]{3} [0-9]{2}|[0-9]{5})', ' ', 'g'), '.', '. '), '[[:space:]]+', ' ', 'g'));
BEGIN
  -- As latin_key() writes them: agiu is Αγίου, platia is Πλατεία, leoforu is Λεωφόρου.
  k := regexp_replace(k, '\\m(agiu|agias|agios|agia|agion|agi)\\M', 'ag', 'g');
  k := regexp_replace(k, '\\m(leoforos|leoforu|leo)\\M', 'leof', 'g');
  k := regexp_replace(k, '\\m(platia|platias|plat)\\M', 'pl', 'g');
  k := regexp_replace(k, '^(odos|od) ', '');
  k := regexp_replace(k, '([0-9]+) ([a-z])\\M', '\\1\\2', 'g');
  RETURN btrim(regexp_replace(k, '[[:space:]]+', ' ', 'g'));
END $$;
COMMENT ON FUNCTION address_key(text) IS 'Key of an address: search_key() of what stands before the comma, with the short forms of Αγίου, Λεωφόρος and Πλατεία, without Οδός and postcode';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
