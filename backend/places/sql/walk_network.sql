-- Streets between their crossings, for walking: every crossing joins, for nothing tells bridges; one-way is for cars.
-- grid_deg: ends nearer than this to each other meet, degrees.
WITH line AS (
  SELECT p.geom
    FROM layer AS l
   CROSS JOIN LATERAL (SELECT f.geom FROM feature AS f WHERE f.layer = l.slug OFFSET 0) AS f
   CROSS JOIN LATERAL ST_Dump(f.geom) AS p
   WHERE l.role = 'street'
     AND l.geometry_type = 'LineString'
),
part AS (
  SELECT row_number() OVER () AS id, d.geom,
         ST_AsText(ST_SnapToGrid(ST_StartPoint(d.geom), :grid_deg::float8)) AS first,
         ST_AsText(ST_SnapToGrid(ST_EndPoint(d.geom), :grid_deg::float8)) AS last
    FROM (SELECT ST_Node(ST_Collect(geom)) AS geom FROM line) AS n
   CROSS JOIN LATERAL ST_Dump(n.geom) AS d
),
crossing AS MATERIALIZED (
  SELECT row_number() OVER () AS id, place FROM (SELECT first AS place FROM part UNION SELECT last FROM part) AS p
)
INSERT INTO walk_edge (id, source, target, length_m, geom)
SELECT p.id, a.id, b.id, ST_Length(p.geom::geography), p.geom
  FROM part AS p
  JOIN crossing AS a ON a.place = p.first
  JOIN crossing AS b ON b.place = p.last
