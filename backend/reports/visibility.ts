// The one condition "which reports may this person see", for every staff query.
import type { Knex } from 'knex'
import type { Db } from '../core/db/connect.ts'
import type { Actor, Context } from '../core/http/context.ts'

/**
 * Crew members see their crew's reports, other staff their department's; the central desk and administrators see all.
 * `r` is the alias of the report table.
 */
export function visibleToStaff(db: Db, actor: Actor): Knex.Raw {
  if (actor.role === 'administrator' || actor.role === 'agent') return db.raw('true')
  if (actor.role === 'crew_member') return db.raw('r.crew_id = ?', [actor.crewId])
  return db.raw('r.department_id = ?', [actor.departmentId])
}

/**
 * A photo is seen with its report: by all when that is public, by whoever holds the private link, by the staff who may see it.
 * Before it is sent with a report, its id is the only key.
 */
export async function maySeePhoto(ctx: Context, photoId: string, followToken: string | null): Promise<boolean> {
  const seen = ctx.actor?.permissions.includes('staff.read') ? visibleToStaff(ctx.db, ctx.actor) : ctx.db.raw('false')
  const row = await ctx
    .db('attachment as p')
    .leftJoin('report as r', 'r.id', 'p.case_id')
    .where('p.id', photoId)
    .where((q) =>
      q
        .whereNull('p.case_id')
        .orWhere('r.is_public', true)
        .orWhere('r.follow_token', followToken ?? '')
        .orWhereRaw(seen),
    )
    .first('p.id')
  return row !== undefined
}
