-- How many reports go to whom else by the rules (routed: see replay.ts) than they did before (routed_before); one row.
-- most: places that are told, of the newest reports.
WITH after AS MATERIALIZED (
  SELECT r.id, r.geom, r.created_at, r.to_department_id AS department_id, r.to_crew_id AS crew_id,
         b.department_id AS old_department_id, b.crew_id AS old_crew_id
    FROM routed AS r
    JOIN routed_before AS b USING (id)
),
moved AS (
  SELECT * FROM after
   WHERE (department_id, crew_id) IS DISTINCT FROM (old_department_id, old_crew_id)
),
move AS MATERIALIZED (
  SELECT old_department_id, old_crew_id, department_id, crew_id, count(*)::int AS count,
         row_number() OVER (ORDER BY count(*) DESC, old_department_id, old_crew_id, department_id, crew_id)::int - 1 AS k
    FROM moved
   GROUP BY old_department_id, old_crew_id, department_id, crew_id
),
point AS (
  SELECT d.id, d.geom, d.created_at, c.protocol, m.k
    FROM moved AS d
    JOIN case_record AS c ON c.id = d.id
    JOIN move AS m ON (m.old_department_id, m.old_crew_id, m.department_id, m.crew_id)
                      IS NOT DISTINCT FROM (d.old_department_id, d.old_crew_id, d.department_id, d.crew_id)
   ORDER BY d.created_at DESC, d.id
   LIMIT :most::int
),
named_department AS (
  SELECT id, jsonb_build_object('slug', slug, 'title', title) AS named FROM department
),
named_crew AS (
  SELECT id, jsonb_build_object('slug', slug, 'title', title) AS named FROM crew
)
SELECT (SELECT count(*)::int FROM after) AS reports,
       (SELECT count(*)::int FROM moved) AS moved,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                          'from', jsonb_build_object('department', od.named, 'crew', oc.named),
                          'to', jsonb_build_object('department', d.named, 'crew', c.named),
                          'count', m.count) ORDER BY m.k), '[]')
          FROM move AS m
          LEFT JOIN named_department AS od ON od.id = m.old_department_id
          LEFT JOIN named_crew AS oc ON oc.id = m.old_crew_id
          LEFT JOIN named_department AS d ON d.id = m.department_id
          LEFT JOIN named_crew AS c ON c.id = m.crew_id) AS moves,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', p.id, 'protocol', p.protocol,
                                                     'point', jsonb_build_array(ST_X(p.geom), ST_Y(p.geom)), 'move', p.k)
                                  ORDER BY p.created_at DESC, p.id), '[]')
          FROM point AS p) AS points
