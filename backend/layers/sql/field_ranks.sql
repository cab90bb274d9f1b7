-- The numbers of a field in short: least, greatest, and the values at some parts of their order.
-- table, field: identifiers.  fractions: parts of the order, 0 to 1.
SELECT min(v.value) AS least,
       max(v.value) AS greatest,
       COALESCE(bool_and(v.value = floor(v.value)), false) AS is_whole,
       (count(*) - count(v.value))::int AS without,
       COALESCE(percentile_disc(:fractions::float8[]) WITHIN GROUP (ORDER BY v.value), '{}') AS ranks
  FROM (SELECT CASE WHEN f.:field: BETWEEN -1e300 AND 1e300 THEN CAST(f.:field: AS float8) END AS value FROM :table: AS f) AS v
