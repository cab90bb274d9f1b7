-- Extent (west, south, east, north; degrees, EPSG:4326) and repairs of the features of a staging table that can be loaded.
-- table: staging.
SELECT CASE WHEN m.box IS NOT NULL THEN ARRAY[ST_XMin(m.box), ST_YMin(m.box), ST_XMax(m.box), ST_YMax(m.box)] END AS bbox,
       m.repaired
  FROM (SELECT ST_Extent(geom) AS box, (count(*) FILTER (WHERE is_repaired))::int AS repaired FROM :table: WHERE problem IS NULL) AS m
