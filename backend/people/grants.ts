// Roles as rows: who may do what, for which department, crew or area, from when until when.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { problem } from '../core/http/problem.ts'
import type { Grant, GrantInput } from './contract.ts'

type GrantRow = Grant & { account_id: string }

/** Grants of these accounts that have not ended, in the order they were given. */
export const grantsOf = (db: Db, accountIds: string[]): Promise<GrantRow[]> =>
  db('role_grant as g')
    .leftJoin('department as d', 'd.id', 'g.department_id')
    .leftJoin('crew as c', 'c.id', 'g.crew_id')
    .whereIn('g.account_id', accountIds)
    .whereNull('g.revoked_at')
    .whereRaw(`COALESCE(g.valid_to, 'infinity') >= (now() AT TIME ZONE 'Europe/Athens')::date`)
    .orderBy('g.id')
    .limit(10_000)
    .select(
      'g.id',
      'g.account_id',
      'g.role',
      'g.valid_from',
      'g.valid_to',
      db.raw(`CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END AS department`),
      db.raw(`CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('slug', c.slug, 'title', c.title) END AS crew`),
      db.raw(
        `CASE WHEN g.area_layer IS NOT NULL THEN jsonb_build_object('layer', g.area_layer, 'slug', g.area_slug, 'title',
             (SELECT x.title FROM area AS x WHERE x.layer = g.area_layer AND x.slug = g.area_slug LIMIT 1)) END AS area`,
      ),
    ) as unknown as Promise<GrantRow[]>

/**
 * Gives a role. Throws unknown-department, unknown-area, contractor-crew-needed or contractors-crew, naming the field below `path`.
 */
export async function addGrant(
  trx: Db,
  accountId: string,
  grant: GrantInput,
  grantedBy: string | null,
  path = '',
): Promise<void> {
  const { department, crew, area } = grant
  const d = department ? await trx('department').where({ slug: department }).first('id') : null
  // Locked, so that it does not become a contractor's meanwhile: see limitToContractor().
  const c =
    crew && d
      ? await trx('crew').where({ slug: crew, department_id: d.id }).forShare().first('id', 'is_contractor')
      : null
  if ((department && !d) || (crew && !c))
    throw problem('unknown-department', { path: `${path}${department && !d ? 'department' : 'crew'}` })
  if (grant.role === 'contractor' && !c?.is_contractor) throw problem('contractor-crew-needed', { path: `${path}crew` })
  if (grant.role !== 'contractor' && c?.is_contractor) throw problem('contractors-crew', { path: `${path}role` })
  if (area && !(await trx('area').where(area).first('slug'))) throw problem('unknown-area', { path: `${path}area` })
  await trx('role_grant').insert({
    account_id: accountId,
    role: grant.role,
    department_id: d?.id ?? null,
    crew_id: c?.id ?? null,
    area_layer: area?.layer ?? null,
    area_slug: area?.slug ?? null,
    ...(grant.valid_from && { valid_from: grant.valid_from }),
    valid_to: grant.valid_to ?? null,
    granted_by: grantedBy,
  })
}

/** The crew is a contractor's now: its people keep the work, and lose what only staff may do. Returns how many grants changed. */
export async function limitToContractor(trx: Db, crewId: string, by: string): Promise<number> {
  const [limited] = await sql<{ n: number }>(trx, 'people/limit_to_contractor', { crew_id: crewId, by })
  return limited!.n
}
