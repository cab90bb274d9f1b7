-- What was forwarded to a body and may still change there: open, or closed within the last 90 days; oldest first.
-- endpoint_id: the body.
SELECT f.id, f.report_id, f.remote_id, f.remote_token, f.remote_status, f.remote_notes, f.sent_at
  FROM report_forward AS f
  JOIN report AS r ON r.id = f.report_id
 WHERE f.endpoint_id = :endpoint_id::bigint
   AND f.state = 'sent'
   AND COALESCE(f.remote_id, f.remote_token) IS NOT NULL
   AND COALESCE(r.closed_at, 'infinity') > now() - interval '90 days'
 ORDER BY f.sent_at, f.id
 LIMIT 5000
