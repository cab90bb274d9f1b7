-- Lines of a street register with the keys of the schools and streets that they name, by key or by title as search reads it.
-- rows: [{n, school, street}].
WITH line AS MATERIALIZED (
  SELECT n, search_key(school) AS school, search_key(street) AS street
    FROM jsonb_to_recordset(:rows::jsonb) AS r (n int, school text, street text)
),
known AS MATERIALIZED (
  SELECT l.role, x.key, search_key(x.key) AS key_key, search_key(x.title->>'el') AS el, search_key(x.title->>'en') AS en
    FROM layer AS l
   CROSS JOIN LATERAL (SELECT f.key, f.title FROM feature AS f WHERE f.layer = l.slug OFFSET 0) AS x
   WHERE l.role IN ('school', 'street')
)
SELECT n.n,
       ARRAY(SELECT DISTINCT k.key FROM known AS k WHERE k.role = 'school' AND n.school IN (k.key_key, k.el, k.en) LIMIT 2) AS schools,
       ARRAY(SELECT DISTINCT k.key FROM known AS k WHERE k.role = 'street' AND n.street IN (k.key_key, k.el, k.en) LIMIT 2) AS streets
  FROM line AS n
 ORDER BY n.n
