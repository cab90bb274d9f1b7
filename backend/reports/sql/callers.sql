-- Earlier reports of who is on the telephone, newest first, with what the municipality said last.
-- is: condition on r: by number or by name.  seen: condition on r: whose contacts the asking member of staff may see.  most: how many.
SELECT r.id, k.protocol, r.status, jsonb_build_object('slug', c.slug, 'title', c.title) AS category,
       r.place #> '{address,title}' AS address, r.description, r.created_at, r.due_at,
       (SELECT t.note
          FROM timeline_entry AS t
         WHERE t.case_id = r.id AND t.is_public AND t.note IS NOT NULL
         ORDER BY t.id DESC
         LIMIT 1) AS last_note,
       r.contact->>'name' AS name, r.contact->>'phone' AS phone, r.contact->>'email' AS email
  FROM report AS r
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 WHERE :is
   AND :seen
 ORDER BY r.created_at DESC, r.id
 LIMIT :most::int
