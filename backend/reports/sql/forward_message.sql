-- A report that is still to be forwarded, with where to and what goes with it.
-- id: of the forwarding.
SELECT f.id, f.report_id, f.attempts, f.first_attempt_at, COALESCE(m.service_code, f.service_code) AS service_code,
       e.id::text AS endpoint_id, e.title, e.url, e.jurisdiction_id, e.api_key, e.source,
       k.protocol, r.description, r.is_public, ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat,
       r.place #>> '{address,title,el}' AS address,
       CASE WHEN m.sends_contact THEN r.contact END AS contact,
       -- What is not public may tell who it is.
       COALESCE((SELECT answers_in_words(r.answers, q.questions, COALESCE(m.sends_contact, false))
                   FROM category_form AS q
                  WHERE q.id = r.form_id), '[]') AS answers,
       CASE WHEN r.is_public THEN (SELECT p.id
                                     FROM attachment AS p
                                    WHERE p.case_id = r.id
                                      AND p.published_at IS NOT NULL
                                    ORDER BY p.created_at
                                    LIMIT 1) END AS photo_id
  FROM report_forward AS f
  JOIN report AS r ON r.id = f.report_id
  JOIN case_record AS k ON k.id = r.id
  JOIN open311_endpoint AS e ON e.id = f.endpoint_id
  LEFT JOIN open311_mapping AS m ON m.category_id = r.category_id AND m.endpoint_id = e.id
 WHERE f.id = :id::uuid
   AND f.state = 'waiting'
