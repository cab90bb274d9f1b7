-- Members of staff who may read a report today, by name.
-- id: of the report.  roles: with that permission; unlimited: those of them that see every department's private reports.
SELECT a.id, a.name, a.email
  FROM account AS a
 WHERE a.disabled_at IS NULL
   AND EXISTS (
       SELECT
         FROM role_grant AS g
         JOIN report AS r ON r.id = :id::uuid
        WHERE g.account_id = a.id
          AND g.revoked_at IS NULL
          AND (now() AT TIME ZONE 'Europe/Athens')::date BETWEEN g.valid_from AND COALESCE(g.valid_to, 'infinity')
          AND g.role = ANY (:roles::text[])
          AND (   g.role = ANY (:unlimited::text[])
               OR (    CASE WHEN g.department_id IS NULL THEN r.is_public ELSE g.department_id = r.department_id END
                   AND (g.crew_id IS NULL OR g.crew_id = r.crew_id)
                   AND (g.area_layer IS NULL
                        OR EXISTS (SELECT FROM area AS x
                                    WHERE x.layer = g.area_layer AND x.slug = g.area_slug AND ST_Covers(x.geom, r.geom))))))
 ORDER BY a.name, a.id
 LIMIT 500
