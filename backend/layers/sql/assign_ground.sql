-- Gives a piece of ground to one feature and takes it from all others, in one statement. Every feature that the piece touches first
-- takes over its nodes, also where they lie on the middle of an edge: so the new border is the same row of coordinates on both sides.
-- table: identifier.  rows: id and geom of those of its features that tile together.  piece: EWKB, EPSG:4326.  winner: id.  near_deg: what counts as on the border, degrees.
WITH piece AS MATERIALIZED (
  SELECT ST_GeomFromEWKB(:piece::bytea) AS geom
), touched AS MATERIALIZED (
  SELECT f.id,
         ST_Snap(f.geom, p.geom, :near_deg::float8) AS geom,
         f.id <> :winner::bigint AND ST_Relate(f.geom, p.geom, '2********') AS has_lost
    FROM :rows: AS f, piece AS p
   WHERE ST_DWithin(f.geom, p.geom, :near_deg::float8)
), made AS MATERIALIZED (
  SELECT t.id,
         t.has_lost,
         ST_Multi(ST_CollectionExtract(
           CASE WHEN t.id = :winner::bigint THEN ST_Union(t.geom, p.geom)
                WHEN t.has_lost THEN ST_Difference(t.geom, p.geom)
                ELSE t.geom END, 3)) AS geom
    FROM touched AS t, piece AS p
)
UPDATE :table: AS f
   SET geom = m.geom
  FROM made AS m
 WHERE m.id = f.id
   AND NOT ST_OrderingEquals(m.geom, f.geom)
RETURNING f.id::text, ST_IsEmpty(f.geom) AS is_empty, m.has_lost
