-- Crews with what they can do, their people and the areas that the rules of routing give them, by department and title.
-- slug: of one crew; null: all.  is_everywhere: no department limits the caller.
-- department_ids, crew_ids: of which departments all crews are the caller's, and which crews alone.
SELECT c.id, c.department_id, c.slug, c.title, jsonb_build_object('slug', d.slug, 'title', d.title) AS department,
       c.vehicle, c.load_units, to_char(c.shift_from, 'HH24:MI') AS shift_from, to_char(c.shift_to, 'HH24:MI') AS shift_to,
       to_jsonb(c.weekdays) AS weekdays, ST_AsGeoJSON(c.depot, 6)::jsonb AS depot, c.is_contractor, c.contract_ref,
       c.is_active, c.version,
       ARRAY(SELECT jsonb_build_object('slug', s.slug, 'title', s.title)
               FROM crew_skill AS h
               JOIN skill AS s ON s.id = h.skill_id
              WHERE h.crew_id = c.id
              ORDER BY s.title->>'el', s.slug) AS skills,
       ARRAY(SELECT jsonb_build_object('id', a.id::text, 'name', a.name, 'role', g.role)
               FROM role_grant AS g
               JOIN account AS a ON a.id = g.account_id
              WHERE g.crew_id = c.id
                AND g.revoked_at IS NULL
                AND a.disabled_at IS NULL
                AND (now() AT TIME ZONE 'Europe/Athens')::date BETWEEN g.valid_from AND COALESCE(g.valid_to, 'infinity')
              ORDER BY a.name, g.id) AS members,
       ARRAY(SELECT DISTINCT jsonb_build_object('layer', r.area_layer, 'slug', r.area_slug, 'title', x.title)
               FROM routing_rule AS r
               LEFT JOIN area AS x ON x.layer = r.area_layer AND x.slug = r.area_slug
              WHERE r.crew_id = c.id
                AND r.area_slug IS NOT NULL) AS areas
  FROM crew AS c
  JOIN department AS d ON d.id = c.department_id
 WHERE (:slug::text IS NULL OR c.slug = :slug::text)
   AND (:is_everywhere::boolean OR c.department_id = ANY (:department_ids::bigint[]) OR c.id = ANY (:crew_ids::bigint[]))
 ORDER BY d.title->>'el', c.title->>'el', c.slug
 LIMIT 2000
