-- Who holds a session: the account, what it may do today and where, and what it still has to prove.
-- token_hash: SHA-256 of the cookie.
SELECT a.id AS account_id, a.name, s.id AS session_id, s.factors, s.assurance, s.last_seen_at < now() - interval '1 minute' AS is_stale,
       s.authenticated_at,
       COALESCE((SELECT value::text = 'true' FROM setting WHERE key = 'people.second_factor_required'), true) AS needs_second,
       EXISTS (SELECT FROM second_factor AS f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL)
         OR EXISTS (SELECT FROM passkey AS k WHERE k.account_id = a.id) AS has_second,
       COALESCE(g.grants, '[]') AS grants
  FROM session AS s
  JOIN account AS a ON a.id = s.account_id
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object(
                'role', g.role, 'departmentId', g.department_id::text, 'crewId', g.crew_id::text,
                'area', CASE WHEN g.area_layer IS NOT NULL THEN jsonb_build_object('layer', g.area_layer, 'slug', g.area_slug) END)
                ORDER BY g.id) AS grants
         FROM role_grant AS g
        WHERE g.account_id = a.id
          AND g.revoked_at IS NULL
          AND (now() AT TIME ZONE 'Europe/Athens')::date BETWEEN g.valid_from AND COALESCE(g.valid_to, 'infinity')
       ) AS g ON true
 WHERE s.token_hash = :token_hash
   AND s.expires_at > now()
   AND s.last_seen_at > now() - make_interval(secs => s.idle_s)
   AND a.disabled_at IS NULL
