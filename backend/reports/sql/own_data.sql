-- Reports with everything that was given with them and said about them, for the person who sent them.
-- ids: of the reports, which must be the person's own.
SELECT r.id, k.protocol, r.status, c.title AS category, r.description, r.contact, r.channel, r.is_public,
       ST_AsGeoJSON(r.geom, 6)::jsonb AS location, r.place, r.created_at, r.updated_at, r.due_at, r.closed_at,
       COALESCE((SELECT answers_in_words(r.answers, f.questions, true)
                   FROM category_form AS f
                  WHERE f.id = r.form_id), '[]') AS answers,
       c.purpose, c.contact_months, c.photo_months,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('at', t.at, 'kind', t.kind, 'status', t.status, 'note', t.note) ORDER BY t.id)
                   FROM timeline_entry AS t
                  WHERE t.case_id = r.id
                    AND (t.is_public OR EXISTS (
                          SELECT FROM report_words AS w WHERE w.timeline_entry_id = t.id AND w.support_id IS NULL))), '[]') AS timeline,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('at', e.at, 'reason', e.detail->>'reason') ORDER BY e.id)
                   FROM audit_entry AS e
                  WHERE e.subject_id = r.id::text AND e.action = 'contact.reveal'), '[]') AS contact_views,
       COALESCE((SELECT jsonb_agg(p.id ORDER BY p.created_at)
                   FROM attachment AS p
                  WHERE p.case_id = r.id
                    AND NOT EXISTS (SELECT FROM report_support_photo AS g WHERE g.photo_id = p.id)), '[]') AS photos
  FROM report AS r
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
 WHERE r.id = ANY (:ids::uuid[])
 ORDER BY r.created_at
 LIMIT 10000
