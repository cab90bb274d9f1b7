-- Lines and areas of reports in a tile, in its coordinates; of too many the newest.
-- z, x, y: address of the tile.  found: query of reports as f, with id and shape.  in_tile: f.shape, cut and moved into the tile
SELECT :in_tile AS geom, r.id AS report_id, r.status, c.colour
  FROM (:found) AS f
  JOIN report AS r ON r.id = f.id
  JOIN category AS c ON c.id = r.category_id
 CROSS JOIN ST_TileEnvelope(:z, :x, :y) AS envelope
 ORDER BY r.created_at DESC, r.id
 LIMIT :most::int
