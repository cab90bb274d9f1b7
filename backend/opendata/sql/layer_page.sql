-- One page of a layer as GeoJSON features, in the order of their ids. Fields are those that anyone may see.
-- table: of the layer.  fields: names.  after: last id of the page before.  page_size: rows.
SELECT f.id,
       json_build_object(
         'type', 'Feature',
         'id', f.id,
         'geometry', ST_AsGeoJSON(f.geom, 6)::json,
         'properties', (SELECT COALESCE(jsonb_object_agg(p.key, p.value), '{}')
                          FROM jsonb_each(to_jsonb(f) - 'geom' - 'geom_3857') AS p
                         WHERE p.key = ANY (:fields::text[]))
       )::text AS feature
  FROM :table: AS f
 WHERE f.id > :after::bigint
 ORDER BY f.id
 LIMIT :page_size::int
