import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- H. M. Damm, Total anti-symmetrische Quasigruppen (Marburg, 2004): one wrong digit and two that are swapped always show, which no
-- scheme of ISO/IEC 7064 with a digit at the end can say.
CREATE FUNCTION damm_digit(digits text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  quasigroup CONSTANT text[] := ARRAY['0317598642', '7092154863', '4206871359', '1750983426', '6123045978',
                                      '3674209581', '5869720134', '8945362017', '9438617205', '2581436790'];
  interim int := 0;
BEGIN
  FOR n IN 1 .. length(digits) LOOP
    interim := substr(quasigroup[interim + 1], substr(digits, n, 1)::int + 1, 1)::int;
  END LOOP;
  RETURN interim::text;
END $$;
COMMENT ON FUNCTION damm_digit(text) IS 'Check digit by Damm''s algorithm; of a number with its check digit it is 0';

ALTER TABLE report ADD COLUMN lookup_code text CHECK (lookup_code ~ '^\\d{9}$');
CREATE UNIQUE INDEX report_lookup_code ON report (lookup_code) WHERE lookup_code IS NOT NULL;
COMMENT ON COLUMN report.lookup_code IS 'Short code to be said on the telephone: eight random digits and a check digit; null: it came before there were such codes';

CREATE FUNCTION new_lookup_code() RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  digits text;
BEGIN
  LOOP
    -- From the random bits of a UUID, which nobody can foretell as those of random().
    digits := lpad((('x' || left(replace(gen_random_uuid()::text, '-', ''), 8))::bit(32)::bigint % 100000000)::text, 8, '0');
    digits := digits || damm_digit(digits);
    EXIT WHEN NOT EXISTS (SELECT FROM report WHERE lookup_code = digits);
  END LOOP;
  RETURN digits;
END $$;
COMMENT ON FUNCTION new_lookup_code() IS 'A lookup code that no report has';
-- Only those that come from now on.
ALTER TABLE report ALTER COLUMN lookup_code SET DEFAULT new_lookup_code();
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
