-- At most a thousand features of a staging table, spread over the file, simplified to what a screen shows: a thousandth of the extent.
-- table: staging.
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', COALESCE(jsonb_agg(jsonb_build_object(
         'type', 'Feature',
         'properties', f.properties,
         'geometry', ST_AsGeoJSON(f.shape, 6)::jsonb) ORDER BY f.n), '[]')) AS preview
  FROM (SELECT s.n, s.properties,
               COALESCE(ST_SimplifyPreserveTopology(s.geom, e.width / 1000), s.geom) AS shape
          FROM :table: AS s,
               (SELECT greatest(1, count(*) / 1000) AS step,
                       greatest(ST_XMax(ST_Extent(geom)) - ST_XMin(ST_Extent(geom)), 0.0001) AS width
                  FROM :table: WHERE problem IS NULL) AS e
         WHERE s.problem IS NULL
           AND s.n % e.step = 0
         ORDER BY s.n
         LIMIT 1000) AS f
