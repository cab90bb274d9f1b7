-- The story of a report, oldest first.
-- id: of the report.  public_only: leaves internal notes out.
SELECT t.at,
       t.kind,
       t.status,
       CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END AS department,
       CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END AS crew,
       t.note,
       a.name AS actor,
       t.is_public
  FROM timeline_entry AS t
  LEFT JOIN department AS d ON d.id = t.department_id
  LEFT JOIN crew AS w ON w.id = t.crew_id
  LEFT JOIN account AS a ON a.id = t.actor_id
 WHERE t.case_id = :id::uuid
   AND (t.is_public OR NOT :public_only::boolean)
 ORDER BY t.id
 LIMIT 1000
