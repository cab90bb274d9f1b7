-- The story of a work order in the order in which it was told; at: when it happened.
-- crews: only what came to these crews, what their people did, and that it was made or called off; null: all of it.
SELECT t.at,
       t.kind,
       t.status,
       CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END AS department,
       CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('slug', w.slug, 'title', w.title) END AS crew,
       t.note,
       a.name AS actor
  FROM timeline_entry AS t
  LEFT JOIN department AS d ON d.id = t.department_id
  LEFT JOIN crew AS w ON w.id = t.crew_id
  LEFT JOIN account AS a ON a.id = t.actor_id
 WHERE t.case_id = :id::uuid
   AND (:crews::bigint[] IS NULL
        OR t.kind = 'submitted'
        OR t.status = 'cancelled'
        OR t.crew_id = ANY (:crews::bigint[])
        OR EXISTS (SELECT FROM role_grant AS g WHERE g.account_id = t.actor_id AND g.crew_id = ANY (:crews::bigint[])))
 ORDER BY t.id
 LIMIT 1000
