-- Reports as points of a tile, in its coordinates: 4096 along an edge, origin at the upper left corner, y downward (spherical
-- Mercator). Every report is in one tile only. Above the zoom where each stands for itself, those of one cell are one point.
-- z, x, y: address of the tile.  singly: the zoom from which each stands for itself.  found: query of reports as f, with id and geom
WITH placed AS (
  SELECT f.id,
         floor(4096 * ((ST_X(f.geom) + 180) / 360 * power(2, :z::int) - :x::int))::int AS px,
         floor(4096 * ((1 - asinh(tan(radians(ST_Y(f.geom)))) / pi()) / 2 * power(2, :z::int) - :y::int))::int AS py
    FROM (:found) AS f
),
-- What lies beyond the edges is counted too and left out afterwards: asked first, the planner would expect next to nothing to be
-- between them, and sort 100,000 rows.
counted AS MATERIALIZED (
  SELECT px >> 9 AS column_, py >> 9 AS row_, count(*)::int AS point_count, round(avg(px))::int AS px, round(avg(py))::int AS py,
         (array_agg(id))[1] AS id
    FROM placed
   GROUP BY px >> 9, py >> 9, CASE WHEN :z::int >= :singly::int THEN id END
)
SELECT json_build_object('type', 'Point', 'coordinates', json_build_array(p.px, p.py)) AS geom,
       CASE WHEN p.point_count > 1 THEN p.point_count END AS point_count, r.id AS report_id, r.status, c.colour
  FROM counted AS p
  LEFT JOIN report AS r ON p.point_count = 1 AND r.id = p.id
  LEFT JOIN category AS c ON c.id = r.category_id
 WHERE p.column_ BETWEEN 0 AND 7 AND p.row_ BETWEEN 0 AND 7
 ORDER BY p.point_count, r.created_at DESC, r.id
 LIMIT :most::int
