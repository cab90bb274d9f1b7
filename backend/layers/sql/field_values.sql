-- Values of a field, the most frequent first, as the tiles write them; with how many features have one at all, and how many none.
-- table, field: identifiers.  most: how many values are wanted.
WITH counted AS (
  SELECT COALESCE(CAST(f.:field: AS text), '') AS value, count(*)::int AS features
    FROM :table: AS f
   GROUP BY 1
)
SELECT COALESCE((SELECT json_agg(c ORDER BY c.features DESC, c.value)
                   FROM (SELECT value, features FROM counted WHERE value <> '' ORDER BY features DESC, value LIMIT :most::int) AS c), '[]') AS classes,
       COALESCE((SELECT sum(features) FROM counted WHERE value <> ''), 0)::int AS with_value,
       COALESCE((SELECT features FROM counted WHERE value = ''), 0) AS without
