-- Extent (west, south, east, north; degrees, EPSG:4326) and repairs of the features of a staging table that can be loaded.
-- Of a table with addresses also how they were found.  table: staging.
SELECT CASE WHEN m.box IS NOT NULL THEN ARRAY[ST_XMin(m.box), ST_YMin(m.box), ST_XMax(m.box), ST_YMax(m.box)] END AS bbox,
       m.repaired, m.exact, m.approximate, m.missing
  FROM (SELECT ST_Extent(geom) FILTER (WHERE problem IS NULL) AS box,
               (count(*) FILTER (WHERE problem IS NULL AND is_repaired))::int AS repaired,
               (count(*) FILTER (WHERE problem IS NULL AND properties->>'address_match' = 'exact'))::int AS exact,
               (count(*) FILTER (WHERE problem IS NULL AND properties->>'address_match' = 'approximate'))::int AS approximate,
               (count(*) FILTER (WHERE problem LIKE 'address%'))::int AS missing
          FROM :table:) AS m
