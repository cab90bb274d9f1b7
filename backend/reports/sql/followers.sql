-- Who follows reports and left a way to be told: their reporters and those who said "me too", each with the own private link.
-- ids: of the reports.
WITH follower AS (
  SELECT r.id AS report_id, r.follow_token, r.contact->>'email' AS email, r.reporter_id AS account_id, r.language
    FROM report AS r
   WHERE r.id = ANY (:ids::uuid[])
   UNION ALL
  SELECT s.report_id, s.follow_token, s.email, s.account_id, NULL
    FROM report_support AS s
   WHERE s.report_id = ANY (:ids::uuid[])
)
SELECT f.report_id, f.follow_token, f.language, k.protocol, c.title AS category, COALESCE(f.email, a.email) AS email
  FROM follower AS f
  JOIN report AS r ON r.id = f.report_id
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
  -- What is not proven may be somebody else's.
  LEFT JOIN account AS a ON a.id = f.account_id AND a.email_verified_at IS NOT NULL AND a.disabled_at IS NULL
 WHERE COALESCE(f.email, a.email) IS NOT NULL
 ORDER BY f.report_id, f.follow_token
