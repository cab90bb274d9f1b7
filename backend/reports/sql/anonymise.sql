-- Takes contact details, the link to an account and the answers that are not public from reports whose time has come.
-- now: moment to count from.
UPDATE report AS r
   SET contact = NULL,
       reporter_id = NULL,
       sender_id = NULL,
       idempotency_key = NULL,
       answers = COALESCE((SELECT public_answers(r.answers, f.questions) FROM category_form AS f WHERE f.id = r.form_id), '{}'),
       anonymised_at = now()
  FROM category AS c
 WHERE c.id = r.category_id
   AND r.anonymised_at IS NULL
   AND r.closed_at < :now::timestamptz - make_interval(months => c.contact_months)
RETURNING c.slug
