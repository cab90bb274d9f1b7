-- Reports as points of a tile, in its coordinates: 4096 along an edge, origin at the upper left corner, y downward (spherical
-- Mercator). Every report is in one tile only. Above the zoom where each stands for itself, those of one cell are one point.
-- z, x, y: address of the tile.  singly: the zoom from which each stands for itself.  found: query of reports as f, with id and geom
WITH placed AS (
  SELECT f.id,
         floor(4096 * ((ST_X(f.geom) + 180) / 360 * power(2, :z::int) - :x::int))::int AS px,
         floor(4096 * ((1 - asinh(tan(radians(ST_Y(f.geom)))) / pi()) / 2 * power(2, :z::int) - :y::int))::int AS py
    FROM (:found) AS f
),
points AS (
  SELECT count(*)::int AS point_count, round(avg(px))::int AS px, round(avg(py))::int AS py, (array_agg(id))[1] AS id
    FROM placed
   WHERE px BETWEEN 0 AND 4095 AND py BETWEEN 0 AND 4095
   GROUP BY px / 512, py / 512, CASE WHEN :z::int >= :singly::int THEN id END
)
SELECT json_build_object('type', 'Point', 'coordinates', json_build_array(p.px, p.py)) AS geom,
       CASE WHEN p.point_count > 1 THEN p.point_count END AS point_count, r.id AS report_id, r.status, c.colour
  FROM points AS p
  LEFT JOIN report AS r ON p.point_count = 1 AND r.id = p.id
  LEFT JOIN category AS c ON c.id = r.category_id
 ORDER BY p.point_count, r.created_at DESC, r.id
 LIMIT :most::int
