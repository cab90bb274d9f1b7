-- Points counted by cell of a grid, in columns; the cell with the most, or with the largest difference, first.
-- rows: (id, geom in EPSG:4326, at).  shape: hexagon or square.  width_m: side of a square, or from side to side of a hexagon,
-- metres of EPSG:3857.  from, to, before_from, before_to: days in Athens, both counted; null: every day, or none before.
-- most: cells that may be told; of more only their number.
-- Each point computes its own cell, so one on a border is in exactly one. Hexagons stand on a side: axial coordinates, rounded so
-- that i + j + k = 0. OFFSET 0 keeps a step from being computed again for every time it is named below.
WITH days AS (
  SELECT COALESCE(:from::timestamp AT TIME ZONE 'Europe/Athens', '-infinity') AS since,
         COALESCE((:to::date + 1)::timestamp AT TIME ZONE 'Europe/Athens', 'infinity') AS until,
         COALESCE(:before_from::timestamp AT TIME ZONE 'Europe/Athens', 'infinity') AS before_since,
         COALESCE((:before_to::date + 1)::timestamp AT TIME ZONE 'Europe/Athens', 'infinity') AS before_until
), point AS (
  SELECT radians(ST_X(p.geom)) * 6378137 / :width_m::float8 AS x,
         ln(tan(pi() / 4 + radians(ST_Y(p.geom)) / 2)) * 6378137 / :width_m::float8 AS y,
         COALESCE(p.at, '-infinity') >= d.since AND COALESCE(p.at, '-infinity') < d.until AS is_now,
         p.at >= d.before_since AND p.at < d.before_until AS is_before
    FROM (:rows) AS p
   CROSS JOIN days AS d
  OFFSET 0
), axial AS (
  SELECT is_now, is_before,
         CASE WHEN :shape::text = 'square' THEN x ELSE x * 2 / sqrt(3) END AS i,
         CASE WHEN :shape::text = 'square' THEN y ELSE y - x / sqrt(3) END AS j
    FROM point
   WHERE is_now OR is_before
  OFFSET 0
), cell AS (
  SELECT is_now, is_before,
         CASE WHEN :shape::text = 'square' THEN floor(i)
              WHEN abs(round(i) - i) > abs(round(j) - j) AND abs(round(i) - i) > abs(round(-i - j) + i + j)
              THEN -round(j) - round(-i - j)
              ELSE round(i) END AS i,
         CASE WHEN :shape::text = 'square' THEN floor(j)
              WHEN abs(round(j) - j) >= abs(round(i) - i) AND abs(round(j) - j) > abs(round(-i - j) + i + j)
              THEN -round(i) - round(-i - j)
              ELSE round(j) END AS j
    FROM axial
  OFFSET 0
), counted AS (
  SELECT i, j,
         (count(*) FILTER (WHERE is_now))::int AS count,
         (count(*) FILTER (WHERE is_before))::int AS before
    FROM cell
   GROUP BY i, j
   LIMIT :most::int + 1
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY CASE WHEN :before_from::date IS NULL THEN count ELSE abs(count - before) END DESC, count DESC, i, j) AS rank,
         CASE WHEN :shape::text = 'square' THEN i + 0.5 ELSE i * sqrt(3) / 2 END * :width_m::float8 / 6378137 AS x,
         CASE WHEN :shape::text = 'square' THEN j + 0.5 ELSE j + i / 2 END * :width_m::float8 / 6378137 AS y
    FROM counted
), placed AS (
  SELECT rank, count, before, degrees(x) AS lon, degrees(2 * atan(exp(y)) - pi() / 2) AS lat
    FROM ranked
)
SELECT count(*)::int AS cells,
       COALESCE(sum(count), 0)::int AS total,
       COALESCE(sum(before), 0)::int AS before_total,
       COALESCE(json_agg(round(lon::numeric, 6) ORDER BY rank), '[]') AS lon,
       COALESCE(json_agg(round(lat::numeric, 6) ORDER BY rank), '[]') AS lat,
       COALESCE(json_agg(count ORDER BY rank), '[]') AS count,
       COALESCE(json_agg(before ORDER BY rank), '[]') AS before,
       COALESCE(json_agg(d.title ORDER BY rank) FILTER (WHERE rank <= 20), '[]') AS district
  FROM placed AS p
  LEFT JOIN LATERAL (
       SELECT COALESCE(title, jsonb_build_object('el', slug, 'en', slug)) AS title
         FROM area
        WHERE p.rank <= 20
          AND role = 'district'
          AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
        ORDER BY area_m2, slug
        LIMIT 1
       ) AS d ON true
