-- The first values of every property, shortened, from the first features of a staging table.
-- table: staging.
SELECT e.key AS property,
       (array_agg(DISTINCT left(e.value, 40)))[1:3] AS examples
  FROM (SELECT properties FROM :table: WHERE problem IS NULL ORDER BY n LIMIT 50) AS s
 CROSS JOIN LATERAL jsonb_each_text(s.properties) AS e
 WHERE e.value IS NOT NULL
   AND e.value <> ''
 GROUP BY e.key
