-- Adds what was counted. The order keeps two nodes that add at once from waiting for each other.
-- datasets, formats, days, counts: of one row each, in the same places.
INSERT INTO dataset_usage AS u (dataset, format, day, count)
SELECT dataset, format, day, count
  FROM unnest(:datasets::text[], :formats::text[], :days::date[], :counts::bigint[]) AS c (dataset, format, day, count)
 ORDER BY dataset, day, format
    ON CONFLICT (dataset, day, format) DO UPDATE SET count = u.count + EXCLUDED.count
