-- What the network for walking is made from; null where there is no pgRouting. A layer that is dated has other streets every day.
SELECT string_agg(concat_ws(' ', slug, revision, CASE WHEN fields @> '[{"name": "valid_from"}]' THEN asked_day() END), ', ' ORDER BY slug) AS version
  FROM layer
 WHERE role = 'street'
   AND EXISTS (SELECT FROM pg_extension WHERE extname = 'pgrouting')
