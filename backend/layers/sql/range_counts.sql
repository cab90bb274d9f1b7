-- How many features fall between thresholds: class 0 lies below the first of them, each begins with its own.
-- table, field: identifiers.  thresholds: rising.
SELECT width_bucket(CAST(f.:field: AS float8), :thresholds::float8[]) AS class, count(*)::int AS features
  FROM :table: AS f
 WHERE f.:field: BETWEEN -1e300 AND 1e300
 GROUP BY 1
 ORDER BY 1
