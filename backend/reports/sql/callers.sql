-- Earlier reports of who is on the telephone, sent or joined by "me too", newest first, with what the municipality said last.
-- is, is_support: conditions on r and s: by telephone, name or number.  seen: condition on r: whose contacts the asking member of
-- staff may see.  most: how many.
WITH told AS (
  SELECT r.id, r.contact->>'name' AS name, r.contact->>'phone' AS phone, r.contact->>'email' AS email, r.created_at AS at
    FROM report AS r
    JOIN case_record AS k ON k.id = r.id
   WHERE :is
     AND :seen
   UNION ALL
  SELECT r.id, s.name, s.phone, s.email, s.created_at
    FROM report_support AS s
    JOIN report AS r ON r.id = s.report_id
   WHERE :is_support
     AND :seen
)
SELECT r.id, k.protocol, r.status, jsonb_build_object('slug', c.slug, 'title', c.title) AS category,
       r.place #> '{address,title}' AS address, r.description, r.created_at, r.due_at,
       (SELECT t.note
          FROM timeline_entry AS t
         WHERE t.case_id = r.id AND t.is_public AND t.note IS NOT NULL
         ORDER BY t.id DESC
         LIMIT 1) AS last_note,
       w.name, w.phone, w.email
  FROM told AS w
  JOIN report AS r ON r.id = w.id
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 ORDER BY w.at DESC, r.id
 LIMIT :most::int
