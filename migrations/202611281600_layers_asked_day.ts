import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- The views of the layers show what is valid on this day.
CREATE FUNCTION asked_day() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('asty.day', true), '')::date, (now() AT TIME ZONE 'Europe/Athens')::date)
$$;
COMMENT ON FUNCTION asked_day() IS 'Day that is asked about: the setting asty.day, else today in Athens';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
