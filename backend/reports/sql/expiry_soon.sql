-- Marks the reports that close by themselves soon and whose followers have not heard of that since their days were last counted anew.
UPDATE report AS r
   SET expiry_told_at = now()
  FROM report_expiry AS e
 WHERE e.report_id = r.id
   AND e.notice_at < now()
   AND COALESCE(r.expiry_told_at < e.counted_from, true)
RETURNING r.id, e.expires_at
