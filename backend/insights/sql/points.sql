-- Points with their days, in columns, the earliest first and those without a day before them.
-- rows: (id, geom in EPSG:4326, at).  from, to: days in Athens, both counted; null: every day.
-- most: of more points as many are told, chosen by a hash: an even sample in space and time, and the same one every time.
WITH point AS (
  SELECT p.id, p.geom, (p.at AT TIME ZONE 'Europe/Athens')::date - date '1970-01-01' AS day
    FROM (:rows) AS p
   WHERE (:from::date IS NULL OR p.at >= :from::timestamp AT TIME ZONE 'Europe/Athens')
     AND (:to::date IS NULL OR p.at < (:to::date + 1)::timestamp AT TIME ZONE 'Europe/Athens')
), chosen AS (
  SELECT *, count(*) OVER () AS total
    FROM point
   ORDER BY hashtext(id), id
   LIMIT :most::int
)
SELECT COALESCE(max(total), 0)::int AS total,
       COALESCE(json_agg(round(ST_X(geom)::numeric, 6) ORDER BY day NULLS FIRST, id), '[]') AS lon,
       COALESCE(json_agg(round(ST_Y(geom)::numeric, 6) ORDER BY day NULLS FIRST, id), '[]') AS lat,
       COALESCE(json_agg(day ORDER BY day NULLS FIRST, id), '[]') AS day
  FROM chosen
