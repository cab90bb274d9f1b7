// Crews as resources: who they are, what they can do, when they work and where they start from.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Permission } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { limitToContractor } from '../../people/service.ts'
import { actorOf } from '../../reports/service.ts'
import type * as api from './contract.ts'
import { keepSkills } from './skills.ts'

type CrewInput = z.output<NonNullable<(typeof api.addCrew)['body']>>
type CrewChange = z.output<NonNullable<(typeof api.changeCrew)['body']>>
export type CrewRow = api.CrewResource & { id: string; department_id: string }

/** Which crews are the caller's by grants that hold the permission: all, those of departments, or single ones. */
export function crewScope(ctx: Context, permission: Permission) {
  const grants = actorOf(ctx).grants.filter(({ permissions }) => permissions.includes(permission))
  return {
    is_everywhere: grants.some(({ isUnlimited, departmentId }) => isUnlimited || !departmentId),
    department_ids: grants.flatMap(({ departmentId, crewId }) => (departmentId && !crewId ? [departmentId] : [])),
    crew_ids: grants.flatMap(({ crewId }) => crewId ?? []),
  }
}

/** Crews that are the caller's to see, or for which some grant holds another permission. */
export const listCrews = (ctx: Context, db: Db = ctx.db, permission: Permission = 'work.read'): Promise<CrewRow[]> =>
  sql<CrewRow>(db, 'work/crews', { slug: null, ...crewScope(ctx, permission) })

/** One crew, whoever asks. Throws not-found. */
async function readCrew(db: Db, slug: string): Promise<CrewRow> {
  const [row] = await sql<CrewRow>(db, 'work/crews', { slug, is_everywhere: true, department_ids: [], crew_ids: [] })
  if (!row) throw problem('not-found')
  return row
}

/** Adds a crew. Throws unknown-department, crew-exists, unknown-skill. */
export function addCrew(ctx: Context, { slug, department, skills, ...input }: CrewInput): Promise<CrewRow> {
  return ctx.db.transaction(async (trx) => {
    const d = await trx('department').where({ slug: department }).first('id')
    if (!d) throw problem('unknown-department', { path: 'department' })
    demandShift({ shift_from: '07:00', shift_to: '15:00', ...input })
    const [made] = await trx('crew')
      .insert({ slug, department_id: d.id, ...columnsOf(trx, input) })
      .onConflict('slug')
      .ignore()
      .returning('id')
    if (!made) throw problem('crew-exists', { path: 'slug' })
    await keepSkills(trx, 'crew_skill', made.id, skills)
    await audit(ctx, { action: 'crew.add', subjectId: slug, detail: { department } }, trx)
    return readCrew(trx, slug)
  })
}

/** Changes a crew; the people of one that becomes a contractor's may do its work only. Throws not-found, stale-version, unknown-skill. */
export function changeCrew(ctx: Context, slug: string, asked: CrewChange): Promise<CrewRow> {
  return ctx.db.transaction(async (trx) => {
    const { version, skills, ...change } = asked
    await trx('crew').where({ slug }).forUpdate().first('id')
    const current = await readCrew(trx, slug)
    if (current.version !== version) throw problem('stale-version', { extra: { current, yours: asked } })
    demandShift({ ...current, ...change })
    await trx('crew')
      .where({ slug })
      .update({ ...columnsOf(trx, change), version: version + 1 })
    if (skills) await keepSkills(trx, 'crew_skill', current.id, skills)
    const limited = change.is_contractor ? await limitToContractor(trx, current.id, actorOf(ctx).accountId) : 0
    const detail = { fields: Object.keys(change), ...(limited > 0 && { limited }) }
    await audit(ctx, { action: 'crew.change', subjectId: slug, detail }, trx)
    return readCrew(trx, slug)
  })
}

type Facts = Omit<CrewChange, 'version' | 'skills'>

function columnsOf(trx: Db, { title, depot, ...facts }: Facts) {
  return {
    ...facts,
    ...(title && { title: JSON.stringify(title) }),
    ...(depot !== undefined && {
      depot: depot && trx.raw('ST_SetSRID(ST_MakePoint(?, ?), 4326)', [...depot.coordinates]),
    }),
  }
}

/** Times as HH:MM are in the order of their letters. */
function demandShift({ shift_from = '', shift_to = '' }: Facts): void {
  if (shift_to <= shift_from) throw problem('wrong-shift', { path: 'shift_to' })
}
