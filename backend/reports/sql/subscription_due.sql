-- Takes what is due out of the notices: one row for each account, with the reports for its letter.
-- A report that several subscriptions of an account want is told once. most: accounts at a time.
WITH due AS (
  SELECT DISTINCT s.account_id
    FROM subscription_notice AS n
    JOIN subscription AS s ON s.id = n.subscription_id
   WHERE n.due_at <= now()
   LIMIT :most::int
),
told AS (
  SELECT DISTINCT s.account_id, n.report_id
    FROM due
    JOIN subscription AS s ON s.account_id = due.account_id
    JOIN subscription_notice AS n ON n.subscription_id = s.id
   -- What has come a moment ago goes along.
   WHERE n.due_at <= now() OR NOT s.is_daily
),
taken AS (
  DELETE FROM subscription_notice AS n
   USING told AS t
    JOIN subscription AS s ON s.account_id = t.account_id
   WHERE n.subscription_id = s.id
     AND n.report_id = t.report_id
  RETURNING s.account_id, n.report_id
)
SELECT account_id, array_agg(DISTINCT report_id) AS report_ids
  FROM taken
 GROUP BY account_id
