-- What the owner of keys may do today, and where.
-- account_id: whose.
SELECT g.role, g.department_id::text AS "departmentId", g.crew_id::text AS "crewId",
       CASE WHEN g.area_layer IS NOT NULL THEN jsonb_build_object('layer', g.area_layer, 'slug', g.area_slug) END AS area
  FROM role_grant AS g
 WHERE g.account_id = :account_id::bigint
   AND g.revoked_at IS NULL
   AND (now() AT TIME ZONE 'Europe/Athens')::date BETWEEN g.valid_from AND COALESCE(g.valid_to, 'infinity')
 ORDER BY g.id
