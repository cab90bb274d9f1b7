-- Who is to be mailed about reports: their reporters and those who said "me too", each with the own private link.
-- ids: of the reports.
SELECT f.report_id, f.follow_token, f.language, k.protocol, c.title AS category, f.email
  FROM report_follower AS f
  JOIN report AS r ON r.id = f.report_id
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 WHERE f.report_id = ANY (:ids::uuid[])
   AND f.stopped_at IS NULL
 ORDER BY f.report_id, f.follow_token
