-- How often a dataset was taken, by day and format, oldest first.
-- dataset: slug.  from_day, to_day: both counted, Europe/Athens.
SELECT day::text AS day, format, count::float8 AS count
  FROM dataset_usage
 WHERE dataset = :dataset::text
   AND day BETWEEN :from_day::date AND :to_day::date
 ORDER BY day, format
 LIMIT 10000
