-- Ends the letters about a report to the person whom one was mailed to: also where the same address follows it in another way.
-- token: of a letter.
INSERT INTO report_letter (report_id, support_id, stopped_at)
SELECT l.report_id, l.support_id, now()
  FROM report_letter AS l
 WHERE l.token = :token::text
 UNION
SELECT o.report_id, o.support_id, now()
  FROM report_letter AS l
  JOIN report_follower AS f ON f.report_id = l.report_id AND f.support_id IS NOT DISTINCT FROM l.support_id
  JOIN report_follower AS o ON o.report_id = f.report_id AND lower(o.email) = lower(f.email)
 WHERE l.token = :token::text
    ON CONFLICT ON CONSTRAINT report_letter_follower DO UPDATE SET stopped_at = COALESCE(report_letter.stopped_at, EXCLUDED.stopped_at)
