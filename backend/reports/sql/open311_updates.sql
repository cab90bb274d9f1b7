-- What happened to public reports, as told to people, oldest first.
-- sender_id: account that also reads of the private ones that its programs sent, or null.
-- protocols: numbers, or null for all.  start_at, end_at: when it happened.  max_rows: how many.
SELECT t.id::text AS update_id,
       replace(k.protocol, '/', '-') AS service_request_id,
       CASE WHEN t.status IN ('resolved', 'rejected') THEN 'CLOSED' ELSE 'OPEN' END AS status,
       t.at AS updated_datetime,
       COALESCE(t.note, '') AS description,
       t.status AS detailed_status
  FROM timeline_entry AS t
  JOIN report AS r ON r.id = t.case_id
  JOIN case_record AS k ON k.id = r.id
 WHERE (r.is_public OR r.sender_id = :sender_id::bigint)
   AND t.is_public
   AND t.kind IN ('status', 'note', 'reopened')
   AND t.at BETWEEN :start_at::timestamptz AND :end_at::timestamptz
   AND (:protocols::text[] IS NULL OR k.protocol = ANY (:protocols::text[]))
 ORDER BY t.id
 LIMIT :max_rows::int
