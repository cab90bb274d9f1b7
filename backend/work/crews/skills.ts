// What crews can do and some work needs: a small list of the municipality's own.
import type { Localised, Named } from '../../core/contract.ts'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'

const MOST_SKILLS = 200

export const listSkills = ({ db }: { db: Db }): Promise<Named[]> =>
  db('skill').select('slug', 'title').orderByRaw(`title->>'el', slug`).limit(MOST_SKILLS) as unknown as Promise<Named[]>

/** Adds a skill or renames it. */
export function putSkill(ctx: Context, slug: string, title: Localised): Promise<Named> {
  return ctx.db.transaction(async (trx) => {
    const row = { slug, title: JSON.stringify(title) }
    await trx('skill').insert(row).onConflict('slug').merge()
    await audit(ctx, { action: 'skill.put', subjectId: slug }, trx)
    return { slug, title }
  })
}

/** Takes a skill away. Throws not-found, skill-in-use. */
export function removeSkill(ctx: Context, slug: string): Promise<void> {
  return ctx.db.transaction(async (trx) => {
    const skill = await trx('skill').where({ slug }).forUpdate().first('id')
    if (!skill) throw problem('not-found')
    const used = await trx('crew_skill')
      .where({ skill_id: skill.id })
      .select('skill_id')
      .unionAll(trx('work_order_skill').where({ skill_id: skill.id }).select('skill_id'))
      .limit(1)
    if (used.length > 0) throw problem('skill-in-use')
    await trx('skill').where({ id: skill.id }).delete()
    await audit(ctx, { action: 'skill.remove', subjectId: slug }, trx)
  })
}

/** Replaces the skills of a crew or an order. Throws unknown-skill. */
export async function keepSkills(
  trx: Db,
  table: 'crew_skill' | 'work_order_skill',
  id: string,
  slugs: readonly string[],
): Promise<void> {
  const owner = table === 'crew_skill' ? 'crew_id' : 'work_order_id'
  const known = await trx('skill').whereIn('slug', slugs).select('id')
  if (known.length !== new Set(slugs).size) throw problem('unknown-skill', { path: 'skills' })
  await trx(table)
    .where({ [owner]: id })
    .delete()
  if (known.length > 0) await trx(table).insert(known.map((skill) => ({ [owner]: id, skill_id: skill.id })))
}
