-- The key with this hash, while it counts and its account is open.
-- key_hash: SHA-256 of the key.
SELECT k.id, k.account_id, k.scopes, k.for_staff, a.name,
       CASE WHEN COALESCE(a.email_verified_at, a.phone_verified_at) IS NULL THEN 'anonymous' ELSE 'verified_contact' END AS assurance,
       k.last_used_on IS DISTINCT FROM d.today AS is_stale
  FROM api_key AS k
  JOIN account AS a ON a.id = k.account_id
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Europe/Athens')::date AS today) AS d
 WHERE k.key_hash = :key_hash
   AND a.disabled_at IS NULL
   AND d.today <= COALESCE(k.expires_on, 'infinity')
