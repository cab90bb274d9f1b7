-- What the reporter was told when the report with this idempotency key came: the first decision, not later changes.
-- idempotency_key: from the Idempotency-Key header.
SELECT r.id,
       k.protocol,
       'submitted' AS status,
       jsonb_build_object('slug', c.slug, 'title', c.title) AS category,
       r.place,
       r.routing #> '{candidates,0,department}' AS department,
       NULLIF(r.routing #> '{candidates,0,crew}', 'null') AS crew,
       r.created_at,
       r.due_at,
       r.follow_token,
       r.lookup_code,
       r.request_hash
  FROM report AS r
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 WHERE r.idempotency_key = :idempotency_key
