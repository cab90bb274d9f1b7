-- A number that no address has, put between its neighbours on the same side of the street; a row at most.
-- q: as typed.  lon, lat: degrees, EPSG:4326, or null: of several streets of a name the nearer one.
-- side_m: neighbours lie nearer to each other than this, metres.  staff: also layers and fields that only staff may see.
WITH asked AS (
  SELECT m[1] AS street, m[2]::int AS number, regexp_replace(m[1], '([\\%_])', '\\\1', 'g') || ' %' AS start
    FROM regexp_match(search_key(:q::text), '^(.*[^ ]) ([0-9]{1,4})$') AS m
),
known AS MATERIALIZED (
  SELECT s.title, s.geom, n.number
    FROM asked AS a
    JOIN searchable AS s ON s.key LIKE a.start AND s.is_title
    JOIN seen_layer(:staff::boolean) AS l ON l.slug = s.layer AND l.role = 'address' AND l.has_open_title
   CROSS JOIN LATERAL (SELECT substring(substr(s.key, length(a.street) + 2) FROM '^[0-9]{1,4}$')::int AS number) AS n
   WHERE n.number % 2 = a.number % 2
)
SELECT low.number AS low, high.number AS high,
       regexp_replace(low.title->>'el', '[0-9]+$', a.number::text) AS el,
       regexp_replace(low.title->>'en', '[0-9]+$', a.number::text) AS en,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat
  FROM asked AS a
 CROSS JOIN LATERAL (SELECT k.* FROM known AS k WHERE k.number < a.number ORDER BY k.number DESC LIMIT 5) AS low
 CROSS JOIN LATERAL (SELECT k.* FROM known AS k WHERE k.number > a.number ORDER BY k.number LIMIT 5) AS high
 CROSS JOIN LATERAL (
       SELECT ST_LineInterpolatePoint(ST_MakeLine(low.geom, high.geom),
                                      (a.number - low.number)::float8 / (high.number - low.number)) AS point
       ) AS p
 WHERE ST_DWithin(low.geom::geography, high.geom::geography, :side_m::float8)
 ORDER BY p.point <-> ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326), high.number - low.number
 LIMIT 1
