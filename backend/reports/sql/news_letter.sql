-- What a letter to somebody who follows a report may say at this moment: public entries of the report, and of the one that it is treated
-- together with, as far as everybody may see that. No row: the person cannot be reached, or wants no letters any more.
-- report_id: the report.  support_id: who said "me too", or null: the reporter.  from_entry_id, to_entry_id: entries to tell of.
WITH follower AS (
  SELECT f.email, f.language, f.follow_token, f.token, r.id, m.id AS main_id, r.category_id
    FROM report_follower AS f
    JOIN report AS r ON r.id = f.report_id
    LEFT JOIN report AS m ON m.id = r.main_id AND m.is_public
   WHERE f.report_id = :report_id::uuid
     AND f.support_id IS NOT DISTINCT FROM :support_id::bigint
     AND f.stopped_at IS NULL
),
entry AS (
  SELECT t.id, t.at, t.kind, t.status, t.note, t.case_id,
         -- What staff have done with many is the last thing that happened, or it cannot be undone.
         lead(t.kind) OVER (PARTITION BY t.case_id ORDER BY t.id) IS NOT DISTINCT FROM 'undone' AS is_undone
    FROM follower AS f
    JOIN timeline_entry AS t ON t.case_id IN (f.id, f.main_id)
   WHERE t.is_public
     AND (t.status IS NOT NULL OR t.kind IN ('note', 'assigned', 'undone'))
),
own AS (
  SELECT e.*, e.case_id <> f.id AS is_of_main
    FROM entry AS e
    CROSS JOIN follower AS f
   WHERE e.case_id = f.id
      -- Where it was taken along, it has an entry of its own.
      OR NOT EXISTS (SELECT FROM entry AS o WHERE o.case_id = f.id AND o.at = e.at AND o.kind = e.kind AND o.status IS NOT DISTINCT FROM e.status)
)
SELECT f.email, f.language, f.follow_token, f.token, k.protocol, c.title AS category, n.protocol AS main,
       (SELECT o.status FROM own AS o WHERE o.status IS NOT NULL AND o.id < :from_entry_id::bigint ORDER BY o.id DESC LIMIT 1) AS before,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'at', to_json(o.at), 'kind', o.kind, 'status', o.status, 'note', o.note, 'is_of_main', o.is_of_main) ORDER BY o.id)
                   FROM own AS o
                  WHERE o.id BETWEEN :from_entry_id::bigint AND :to_entry_id::bigint
                    AND o.kind IN ('status', 'note', 'reopened', 'forwarded')
                    AND NOT o.is_undone), '[]') AS entries
  FROM follower AS f
  JOIN case_record AS k ON k.id = f.id
  JOIN category AS c ON c.id = f.category_id
  LEFT JOIN case_record AS n ON n.id = f.main_id
