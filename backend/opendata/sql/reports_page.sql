-- One page of the public reports as GeoJSON features in one text, in the order of their ids: no names, no contacts, no photos.
-- after: last id of the page before.  page_size: rows.
SELECT string_agg(p.feature, E',\n' ORDER BY p.id) AS features,
       count(*)::int AS count,
       (array_agg(p.id ORDER BY p.id DESC))[1] AS last
  FROM (SELECT r.id,
               json_build_object(
                 'type', 'Feature',
                 'id', r.id,
                 'geometry', ST_AsGeoJSON(r.geom, 6)::json,
                 'properties', json_build_object(
                   'protocol', k.protocol, 'category', c.slug, 'category_el', c.title->>'el', 'category_en', c.title->>'en',
                   'status', r.status, 'district', r.district, 'department', d.slug,
                   'created_at', r.created_at, 'due_at', r.due_at, 'closed_at', r.closed_at)
               )::text AS feature
          FROM report AS r
          JOIN case_record AS k ON k.id = r.id
          JOIN category AS c ON c.id = r.category_id
          LEFT JOIN department AS d ON d.id = r.department_id
         WHERE r.is_public
           AND r.id > :after::uuid
         ORDER BY r.id
         LIMIT :page_size::int) AS p
