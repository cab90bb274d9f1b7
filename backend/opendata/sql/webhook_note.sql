-- Writes down how the sending of a message went, and pauses a webhook at which nothing has arrived for a day.
-- id: of the message; webhook_id: of the webhook; status: HTTP status or null; error: null: it arrived; is_last: it is given up;
-- is_gone: the webhook answered that it is there no more.
WITH message AS (
  UPDATE webhook_delivery
     SET attempts = attempts + 1,
         last_attempt_at = now(),
         last_status = :status::int,
         last_error = :error::text,
         delivered_at = CASE WHEN :error::text IS NULL THEN now() END,
         failed_at = CASE WHEN :error::text IS NOT NULL AND :is_last::boolean THEN now() END
   WHERE id = :id::uuid
)
UPDATE webhook
   SET failing_since = CASE WHEN :error::text IS NOT NULL THEN COALESCE(failing_since, now()) END,
       paused_at = CASE WHEN :is_gone::boolean OR :error::text IS NOT NULL AND failing_since < now() - interval '1 day' THEN now() END,
       pause_reason = CASE WHEN :is_gone::boolean THEN 'gone'
                           WHEN :error::text IS NOT NULL AND failing_since < now() - interval '1 day' THEN 'failing' END
 WHERE id = :webhook_id::bigint
   AND paused_at IS NULL
