-- Open reports whose work is finished, some of it done: what whoever answers for them may close now, the latest first.
-- theirs: condition on r: which are the caller's to change.  seen: condition on o: which orders the caller may open.
-- report_id: only this one, or null.  open: states of orders that somebody still has to go for.  days: since it was done, at most.
WITH lately AS (
  SELECT DISTINCT a.report_id
    FROM work_order AS o
   -- Order by order, and below report by report, so that its own are found over the indexes and not all there are.
   CROSS JOIN LATERAL (SELECT w.report_id FROM work_order_answer AS w WHERE w.work_order_id = o.id OFFSET 0) AS a
   WHERE o.status = 'done'
     AND o.finished_at > now() - make_interval(days => :days::int)
     AND (:report_id::uuid IS NULL OR a.report_id = :report_id::uuid)
),
waiting AS (
  SELECT r.id, r.category_id, r.description, r.people_count
    FROM lately AS l
    JOIN report AS r ON r.id = l.report_id
   WHERE r.closed_at IS NULL
     AND r.main_id IS NULL
     AND :theirs
),
work AS (
  SELECT w.id,
         bool_or(o.status = ANY (:open::text[])) AS is_open,
         max(o.finished_at) FILTER (WHERE o.status = 'done') AS finished_at,
         (array_agg(o.outcome ORDER BY o.finished_at DESC) FILTER (WHERE o.status = 'done'))[1] AS words,
         jsonb_agg(jsonb_build_object('id', o.id, 'protocol', k.protocol, 'status', o.status,
                                      'department', jsonb_build_object('slug', d.slug, 'title', d.title), 'is_own', COALESCE(:seen, false))
                   ORDER BY o.created_at, o.id) AS orders
    FROM waiting AS w
   CROSS JOIN LATERAL (SELECT x.work_order_id FROM work_order_answer AS x WHERE x.report_id = w.id OFFSET 0) AS a
    JOIN work_order AS o ON o.id = a.work_order_id
    JOIN case_record AS k ON k.id = o.id
    JOIN department AS d ON d.id = o.department_id
   GROUP BY w.id
)
SELECT w.id, k.protocol, jsonb_build_object('slug', c.slug, 'title', c.title) AS category, w.description, w.people_count,
       to_json(f.finished_at) AS finished_at, f.words, f.orders
  FROM work AS f
  JOIN waiting AS w ON w.id = f.id
  JOIN case_record AS k ON k.id = w.id
  JOIN category AS c ON c.id = w.category_id
 WHERE NOT f.is_open
   -- Since then somebody has said that it is not fixed.
   AND NOT EXISTS (SELECT
                     FROM timeline_entry AS t
                    WHERE t.case_id = w.id
                      AND t.kind = 'reopened'
                      AND t.at > f.finished_at)
 ORDER BY f.finished_at DESC, w.id
 LIMIT 100
