-- One place of a layer with role poi: what the caller may see of it, where it comes from, and its next duties; no row: there is none.
-- layer, key: its address; key may also be id:<id of the feature>.  staff: also layers and fields that only staff may see.  at: duties that end after this moment are told.
SELECT s.slug AS layer, s.title AS layer_title, f.id::text AS id,
       CASE WHEN s.has_open_title THEN f.key ELSE f.id::text END AS key,
       CASE WHEN s.has_open_title THEN f.title END AS title,
       seen_properties(f.properties, s.fields) AS properties,
       jsonb_path_query_first(s.definitions, '$[*] \? (@.name == "kind").codes') AS kinds,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat, NULL::float8 AS distance_m,
       ST_AsGeoJSON(f.geom, 6)::jsonb AS geometry,
       ARRAY[ST_XMin(f.geom), ST_YMin(f.geom), ST_XMax(f.geom), ST_YMax(f.geom)] AS bbox,
       CASE WHEN ST_Dimension(f.geom) = 1 THEN ST_Length(f.geom::geography) END AS length_m,
       jsonb_build_object('layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                          'attribution', s.attribution, 'licence', s.licence, 'updated_at', s.updated_at) AS source,
       ARRAY(SELECT jsonb_build_object('starts_at', d.starts_at, 'ends_at', d.ends_at)
               FROM place_duty AS d
              WHERE d.layer = s.slug
                AND d.key = f.key
                AND d.ends_at > :at::timestamptz
              ORDER BY d.starts_at
              LIMIT 5) AS duties
  FROM seen_layer(:staff::boolean) AS s
 CROSS JOIN LATERAL (
       SELECT x.*
         FROM feature AS x
        WHERE x.layer = s.slug
          AND :key::text IN (CASE WHEN s.has_open_title THEN x.key ELSE x.id::text END, 'id:' || x.id)
        ORDER BY x.key = :key::text DESC
        LIMIT 1
       ) AS f
 CROSS JOIN LATERAL (
       SELECT CASE WHEN ST_Dimension(f.geom) = 1 THEN ST_StartPoint(ST_GeometryN(f.geom, 1)) ELSE ST_PointOnSurface(f.geom) END AS point
       ) AS p
 WHERE s.role = 'poi'
   AND s.slug = :layer::text
