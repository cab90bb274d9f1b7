-- Finds the addresses of staged rows among the municipality's own, all at once. A number that is not there is put between its
-- neighbours on the same side of the street (approximate); what is not found, or found in several places, stays a problem.
-- table: staging; rows to find have the problem "address", then line and text, with separators.
-- same_m: addresses of one name nearer than this, metres, are one place.  side_m: neighbours of a missing number lie nearer than this.
WITH known AS MATERIALIZED (
  SELECT k.key, k.geom,
         substring(k.key FROM '^(.*) [0-9]{1,5}[a-z]{0,1}$') AS street,
         substring(k.key FROM ' ([0-9]{1,5})[a-z]{0,1}$')::int AS number
    FROM (SELECT address_key(title->>'el') AS key, geom FROM address WHERE title IS NOT NULL OFFSET 0) AS k
),
place AS MATERIALIZED (
  SELECT key, min(street) AS street, min(number) AS number, ST_Centroid(ST_Collect(geom)) AS geom,
         ST_Distance(ST_SetSRID(ST_MakePoint(min(ST_X(geom)), min(ST_Y(geom))), 4326)::geography,
                     ST_SetSRID(ST_MakePoint(max(ST_X(geom)), max(ST_Y(geom))), 4326)::geography) < :same_m::float8 AS is_one
    FROM known
   GROUP BY key
),
wanted AS MATERIALIZED (
  SELECT w.*,
         substring(w.first FROM '^(.*) [0-9]{1,5}[a-z]{0,1}$') AS street,
         substring(w.first FROM ' ([0-9]{1,5})[a-z]{0,1}$')::int AS number
    FROM (SELECT n, split_part(problem, chr(31), 2) AS line, split_part(problem, chr(31), 3) AS said,
                 address_key(split_part(problem, chr(31), 3)) AS key,
                 -- 12-14: the first of them.
                 address_key(regexp_replace(split_part(problem, chr(31), 3), '([0-9])[[:space:]]*[-–/][[:space:]]*[0-9]+.*$', '\1')) AS first
            FROM :table:
           WHERE split_part(problem, chr(31), 1) = 'address'
          OFFSET 0) AS w
),
exact AS MATERIALIZED (
  SELECT DISTINCT ON (w.n) w.n, p.geom, p.is_one
    FROM wanted AS w
    JOIN place AS p ON p.key IN (w.key, w.first)
   ORDER BY w.n, p.key = w.key DESC
),
-- Numbers of the streets that are asked for, odd and even apart.
beside AS (
  SELECT w.n, l.number AS low, l.geom AS low_geom, h.number AS high, h.geom AS high_geom, w.number
    FROM wanted AS w
    LEFT JOIN LATERAL (SELECT p.number, p.geom FROM place AS p
                        WHERE p.street = w.street AND p.number <= w.number AND p.number % 2 = w.number % 2 AND p.is_one
                        ORDER BY p.number DESC LIMIT 1) AS l ON true
    LEFT JOIN LATERAL (SELECT p.number, p.geom FROM place AS p
                        WHERE p.street = w.street AND p.number > w.number AND p.number % 2 = w.number % 2 AND p.is_one
                        ORDER BY p.number LIMIT 1) AS h ON true
   WHERE w.number IS NOT NULL
     AND w.n NOT IN (SELECT n FROM exact)
),
between_them AS (
  SELECT n,
         CASE WHEN low = number THEN low_geom
              ELSE ST_LineInterpolatePoint(ST_MakeLine(low_geom, high_geom), (number - low)::float8 / (high - low)) END AS geom
    FROM beside
   WHERE low = number
      OR (low IS NOT NULL AND high IS NOT NULL AND ST_DWithin(low_geom::geography, high_geom::geography, :side_m::float8))
),
-- What the streets and addresses are called that are most alike, for who corrects the file.
street AS MATERIALIZED (SELECT DISTINCT ON (COALESCE(k.street, k.key)) COALESCE(k.street, k.key) AS key, k.name
                          FROM (SELECT p.street, p.key, regexp_replace(a.title->>'el', '[[:space:]]+[0-9].*$', '') AS name
                                  FROM address AS a JOIN place AS p ON p.key = address_key(a.title->>'el')) AS k),
lost AS (
  SELECT w.n, w.line, w.said,
         (SELECT s.name FROM street AS s
           WHERE similarity(s.key, COALESCE(w.street, w.key)) > 0.3
           ORDER BY similarity(s.key, COALESCE(w.street, w.key)) DESC, s.key LIMIT 1) AS suggestion
    FROM wanted AS w
   WHERE w.n NOT IN (SELECT n FROM exact)
     AND w.n NOT IN (SELECT n FROM between_them)
),
told AS (
  SELECT w.n, e.geom, 'exact' AS match,
         CASE WHEN NOT e.is_one THEN concat_ws(chr(31), 'address_many', w.line, w.said) END AS problem
    FROM wanted AS w JOIN exact AS e USING (n)
   UNION ALL
  SELECT n, geom, 'approximate', NULL FROM between_them
   UNION ALL
  SELECT n, NULL, NULL, concat_ws(chr(31), CASE WHEN suggestion IS NULL THEN 'address_unknown' ELSE 'address_like' END, line, said, suggestion) FROM lost
)
UPDATE :table: AS s
   SET geom = CASE WHEN t.problem IS NULL THEN t.geom END,
       is_repaired = false,
       properties = CASE WHEN t.problem IS NULL THEN s.properties || jsonb_build_object('address_match', t.match) ELSE s.properties END,
       problem = t.problem
  FROM told AS t
 WHERE s.n = t.n
