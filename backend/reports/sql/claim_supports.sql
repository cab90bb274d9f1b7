-- Joins supports to an account, by the secrets of their private links; one a report.
-- account_id: of the caller.  tokens: of private links.
UPDATE report_support AS s
   SET account_id = :account_id::bigint
  FROM (SELECT DISTINCT ON (report_id) id
          FROM report_support
         WHERE follow_token = ANY (:tokens::text[])
           AND account_id IS NULL
         ORDER BY report_id, id) AS free
 WHERE s.id = free.id
   AND NOT EXISTS (SELECT FROM report_support AS o WHERE o.report_id = s.report_id AND o.account_id = :account_id::bigint)
RETURNING s.id
