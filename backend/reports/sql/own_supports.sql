-- What somebody gave with a "me too", for the person who said it. The report itself is another's.
-- ids: of the supports, which must be the person's own.
SELECT k.protocol, c.title AS category, s.email, s.name, s.phone, s.created_at,
       c.purpose, c.contact_months, c.photo_months,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('at', t.at, 'note', t.note) ORDER BY t.id)
                   FROM report_words AS w
                   JOIN timeline_entry AS t ON t.id = w.timeline_entry_id
                  WHERE w.support_id = s.id), '[]') AS words,
       COALESCE((SELECT jsonb_agg(p.photo_id ORDER BY p.photo_id)
                   FROM report_support_photo AS p
                  WHERE p.support_id = s.id), '[]') AS photos
  FROM report_support AS s
  JOIN report AS r ON r.id = s.report_id
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 WHERE s.id = ANY (:ids::bigint[])
 ORDER BY s.created_at
 LIMIT 10000
