-- Ends what the people of a crew that is a contractor's may do beyond its work, and gives them that instead; how many grants changed.
-- Somebody with several roles there has one afterwards for each of them that differs in place or dates.
-- crew_id: crew.  by: account that said so.
WITH ended AS (
  UPDATE role_grant
     SET revoked_at = now()
   WHERE crew_id = :crew_id::bigint
     AND role <> 'contractor'
     AND revoked_at IS NULL
  RETURNING account_id, department_id, crew_id, area_layer, area_slug, valid_from, valid_to
),
given AS (
  INSERT INTO role_grant (account_id, role, department_id, crew_id, area_layer, area_slug, valid_from, valid_to, granted_by)
  SELECT DISTINCT account_id, 'contractor', department_id, crew_id, area_layer, area_slug, valid_from, valid_to, :by::bigint
    FROM ended
)
SELECT count(*)::int AS n FROM ended
