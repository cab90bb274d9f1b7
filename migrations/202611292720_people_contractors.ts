import type { Knex } from 'knex'

// People of a contractor were members of a crew like own staff: they could close reports and read contacts and notes.
export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE role_grant
  DROP CONSTRAINT role_grant_role_check,
  ADD CONSTRAINT role_grant_role_check CHECK (role IN
    ('agent', 'crew_member', 'crew_leader', 'contractor', 'department_head', 'gis_officer', 'press', 'auditor', 'administrator')),
  ADD CONSTRAINT role_grant_contractor CHECK (role <> 'contractor' OR crew_id IS NOT NULL);

WITH ended AS (
  UPDATE role_grant AS g
     SET revoked_at = now()
    FROM crew AS c
   WHERE c.id = g.crew_id
     AND c.is_contractor
     AND g.revoked_at IS NULL
  RETURNING g.account_id, g.department_id, g.crew_id, g.area_layer, g.area_slug, g.valid_from, g.valid_to
)
INSERT INTO role_grant (account_id, role, department_id, crew_id, area_layer, area_slug, valid_from, valid_to)
SELECT DISTINCT account_id, 'contractor', department_id, crew_id, area_layer, area_slug, valid_from, valid_to
  FROM ended;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
