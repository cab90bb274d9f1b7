// The one condition "which reports may this person see", for every staff query.
import type { Knex } from 'knex'
import type { Db } from '../core/db/connect.ts'
import type { Permission } from '../core/contract.ts'
import { type Actor, type Context, type Grant, may } from '../core/http/context.ts'

/**
 * Reports for which some grant of the actor holds the permission: inside its department, crew and area. A grant without
 * a department shows no private reports: those belong to the department that answers for them. `r` is the report table;
 * work orders (`o`) have the same columns.
 */
export function visibleToStaff(
  db: Db,
  actor: Actor,
  permission: Permission = 'report.read',
  row: 'r' | 'o' = 'r',
): Knex.Raw {
  const scopes = actor.grants
    .filter((grant) => grant.permissions.includes(permission))
    .map((grant) => scopeOf(grant, row))
  const text = scopes.map(({ parts }) => `(${parts.join(' AND ')})`).join(' OR ')
  return db.raw(
    `(${text || 'false'})`,
    scopes.flatMap(({ bindings }) => bindings),
  )
}

/**
 * Work orders (`o`) that were given to a contractor, for whom the actor acts: of their reports it sees what the work needs, private
 * ones too, and of no others anything.
 */
export const givenToContractor = (db: Db, actor: Actor): Knex.Raw =>
  visibleToStaff(
    db,
    { ...actor, grants: actor.grants.filter(({ permissions }) => !permissions.includes('report.read')) },
    'work.do',
    'o',
  )

function scopeOf(
  { departmentId, crewId, area, isUnlimited }: Grant,
  row: 'r' | 'o',
): { parts: string[]; bindings: string[] } {
  if (isUnlimited) return { parts: ['true'], bindings: [] }
  const parts = departmentId ? [`${row}.department_id = ?`] : [`${row}.is_public`]
  const bindings = departmentId ? [departmentId] : []
  if (crewId) {
    parts.push(`${row}.crew_id = ?`)
    bindings.push(crewId)
  }
  if (area) {
    parts.push(`EXISTS (SELECT FROM area AS x WHERE x.layer = ? AND x.slug = ? AND ST_Covers(x.geom, ${row}.geom))`)
    bindings.push(area.layer, area.slug)
  }
  return { parts, bindings }
}

/**
 * A photo is seen with its report: by all when that is public and staff have published the photo, by the staff who may see it,
 * by the contractor whose work it belongs to, by who gave it: with the private link, or the account.
 * Before it is sent with a report, its id is the only key.
 */
export async function maySeePhoto(ctx: Context, photoId: string, followToken: string | null): Promise<boolean> {
  const seen = ctx.actor && may(ctx.actor, 'report.read') ? visibleToStaff(ctx.db, ctx.actor) : ctx.db.raw('false')
  const given = ctx.actor ? givenToContractor(ctx.db, ctx.actor) : ctx.db.raw('false')
  const row = await ctx
    .db('attachment as p')
    .leftJoin('report as r', 'r.id', 'p.case_id')
    .leftJoin('report_support_photo as g', 'g.photo_id', 'p.id')
    .leftJoin('report_support as s', 's.id', 'g.support_id')
    .where('p.id', photoId)
    .where((q) =>
      q
        .whereNull('p.case_id')
        .orWhere((open) => open.where('r.is_public', true).whereNotNull('p.published_at'))
        .orWhereRaw('CASE WHEN s.id IS NULL THEN r.follow_token ELSE s.follow_token END = ?', [followToken])
        .orWhereRaw('CASE WHEN s.id IS NULL THEN r.reporter_id ELSE s.account_id END = ?', [
          ctx.actor?.accountId ?? null,
        ])
        .orWhereRaw(seen)
        .orWhereRaw(
          `EXISTS (SELECT FROM work_order_answer AS l JOIN work_order AS o ON o.id = l.work_order_id WHERE l.report_id = r.id AND ?)`,
          [given],
        ),
    )
    .first('p.id')
  return row !== undefined
}
