-- What a letter to a subscriber says: reports that are public by now, of categories that the reader may hear of, newest first.
-- No row: the account is gone, closed or without a proven address, or wants to hear of nothing any more.
-- account_id: of the reader.  report_ids: what it was to tell of.  roles: of staff.
SELECT a.email, s.language, s.source, s.token,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'id', r.id, 'category', c.title, 'address', r.place #> '{address,title}', 'district', r.place #> '{district,title}',
                          'created_at', to_json(r.created_at))
                        ORDER BY r.created_at DESC, r.id)
                   FROM report AS r
                   JOIN category AS c ON c.id = r.category_id
                  WHERE r.id = ANY (:report_ids::uuid[])
                    AND r.is_public
                    AND (   c.may_subscribe = 'everybody'
                         OR (    c.may_subscribe = 'staff'
                             AND EXISTS (
                                 SELECT
                                   FROM role_grant AS g
                                  WHERE g.account_id = a.id
                                    AND g.revoked_at IS NULL
                                    AND (now() AT TIME ZONE 'Europe/Athens')::date BETWEEN g.valid_from AND COALESCE(g.valid_to, 'infinity')
                                    AND g.role = ANY (:roles::text[]))))), '[]') AS reports
  FROM subscriber AS s
  JOIN account AS a ON a.id = s.account_id
 WHERE s.account_id = :account_id::bigint
   AND a.email_verified_at IS NOT NULL
   AND a.disabled_at IS NULL
   AND EXISTS (SELECT FROM subscription AS w WHERE w.account_id = s.account_id)
