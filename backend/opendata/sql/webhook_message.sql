-- A message that is still to be sent, with the webhook that gets it.
-- id: of the message.
SELECT m.id, m.webhook_id::text AS webhook_id, m.event_id::text AS event_id, m.type, m.subject, m.at, m.data, m.attempts,
       w.url, w.secret, w.source, w.paused_at IS NOT NULL AND m.subject IS NOT NULL AS is_paused
  FROM webhook_delivery AS m
  JOIN webhook AS w ON w.id = m.webhook_id
 WHERE m.id = :id::uuid
   AND m.delivered_at IS NULL
   AND m.failed_at IS NULL
