-- Places of a layer by key or by title as search reads it, for the lines of a list.
-- layer: slug.  names: as they are written, in the order of the answer.
WITH known AS MATERIALIZED (
  SELECT x.key, search_key(n.name) AS name
    FROM (SELECT f.key, f.title FROM feature AS f WHERE f.layer = :layer::text OFFSET 0) AS x
   CROSS JOIN LATERAL (VALUES (x.key), (x.title->>'el'), (x.title->>'en')) AS n (name)
),
line AS MATERIALIZED (
  SELECT n, search_key(name) AS name
    FROM unnest(:names::text[]) WITH ORDINALITY AS t (name, n)
)
SELECT COALESCE(array_agg(DISTINCT k.key) FILTER (WHERE k.key IS NOT NULL), '{}') AS keys
  FROM line AS l
  LEFT JOIN known AS k USING (name)
 GROUP BY l.n
 ORDER BY l.n
