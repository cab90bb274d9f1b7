-- The story of a report, oldest first.
-- id: of the report.  is_staff: with internal notes; others read their own words: support_id of who follows it, is_reporter.
SELECT t.at,
       t.kind,
       t.status,
       CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END AS department,
       CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END AS crew,
       t.note,
       a.name AS actor,
       CASE WHEN s.timeline_entry_id IS NULL THEN NULL WHEN s.support_id IS NULL THEN 'reporter' ELSE 'supporter' END AS said_by,
       t.is_public
  FROM timeline_entry AS t
  LEFT JOIN department AS d ON d.id = t.department_id
  LEFT JOIN crew AS w ON w.id = t.crew_id
  LEFT JOIN account AS a ON a.id = t.actor_id
  LEFT JOIN report_words AS s ON s.timeline_entry_id = t.id
 WHERE t.case_id = :id::uuid
   AND (   t.is_public
        OR :is_staff::boolean
        OR s.support_id = :support_id::bigint
        OR (:is_reporter::boolean AND s.timeline_entry_id IS NOT NULL AND s.support_id IS NULL))
 ORDER BY t.id
 LIMIT 1000
