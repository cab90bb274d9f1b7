-- How often datasets were taken in the last 30 and 365 days, by format.
-- dataset: slug of one, or null for all.
SELECT dataset, format,
       COALESCE(sum(count) FILTER (WHERE day > t.today - 30), 0)::float8 AS days_30,
       sum(count)::float8 AS days_365
  FROM dataset_usage
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Europe/Athens')::date AS today) AS t
 WHERE day > t.today - 365
   AND (:dataset::text IS NULL OR dataset = :dataset::text)
 GROUP BY dataset, format
 ORDER BY dataset, format
 LIMIT 10000
