// Standard answers: each belongs to a department, whose heads write it; all staff may use it.
import type { Knex } from 'knex'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { actorOf } from '../service.ts'
import type { StandardAnswer, StandardAnswerInput } from './contract.ts'

/** More than anybody finds something in. */
const MOST = 500

/** Whether an answer s is the caller's to change: of a department that a grant is for, any where one has no limit. */
function isOwn(ctx: Context): Knex.Raw {
  const grants = actorOf(ctx).grants.filter(({ permissions }) => permissions.includes('answer.manage'))
  const departments = grants.flatMap(({ departmentId }) => departmentId ?? [])
  const isAll = grants.some(({ departmentId }) => departmentId === null)
  return ctx.db.raw('(?::boolean OR COALESCE(s.department_id = ANY (?::bigint[]), false))', [isAll, departments])
}

const answers = (ctx: Context, db: Db = ctx.db) =>
  db('standard_answer as s')
    .leftJoin('category as c', 'c.id', 's.category_id')
    .leftJoin('department as d', 'd.id', 's.department_id')
    .select('s.id', 's.title', 's.text', 'c.slug as category', 'd.slug as department', db.raw('? AS is_own', [isOwn(ctx)])) // prettier-ignore

/** All of them, by title. */
export const listStandardAnswers = (ctx: Context): Promise<StandardAnswer[]> =>
  answers(ctx).orderByRaw(`s.title->>'el', s.id`).limit(MOST)

/** Throws unknown-category, unknown-department. */
async function columnsOf(trx: Db, { title, text, category, department }: StandardAnswerInput) {
  const row = { title: JSON.stringify(title), text: JSON.stringify(text), category_id: null, department_id: null }
  if (category) {
    const found = await trx('category').where({ slug: category }).first('id')
    if (!found) throw problem('unknown-category', { values: { category }, path: 'category' })
    row.category_id = found.id
  }
  if (department) {
    const found = await trx('department').where({ slug: department }).first('id')
    if (!found) throw problem('unknown-department', { path: 'department' })
    row.department_id = found.id
  }
  return row
}

/** What was just written, which must be the caller's now: else all is undone. Throws not-allowed. */
async function written(ctx: Context, trx: Db, id: string, action: string): Promise<StandardAnswer> {
  const row: StandardAnswer = await answers(ctx, trx).where('s.id', id).first()
  if (!row.is_own) throw problem('not-allowed')
  await audit(ctx, { action, subjectId: id, detail: { department: row.department } }, trx)
  return row
}

/** Adds one. Throws not-allowed for another department. */
export const addStandardAnswer = (ctx: Context, input: StandardAnswerInput): Promise<StandardAnswer> =>
  ctx.db.transaction(async (trx) => {
    const [{ id }] = await trx('standard_answer').insert(await columnsOf(trx, input)).returning('id') // prettier-ignore
    return written(ctx, trx, id, 'standard_answer.add')
  })

/** Changes one of the caller's. Throws not-found, not-allowed. */
export const changeStandardAnswer = (ctx: Context, id: string, input: StandardAnswerInput): Promise<StandardAnswer> =>
  ctx.db.transaction(async (trx) => {
    const columns = { ...(await columnsOf(trx, input)), updated_at: trx.fn.now() }
    const changed = await trx('standard_answer as s').where('s.id', id).whereRaw(isOwn(ctx)).update(columns)
    if (changed === 0) throw problem('not-found')
    return written(ctx, trx, id, 'standard_answer.change')
  })

/** Deletes one of the caller's. Throws not-found. */
export const deleteStandardAnswer = (ctx: Context, id: string): Promise<void> =>
  ctx.db.transaction(async (trx) => {
    const known = await trx('standard_answer as s').where('s.id', id).whereRaw(isOwn(ctx)).first('s.id')
    if (!known) throw problem('not-found')
    await trx('standard_answer').where({ id }).delete()
    await audit(ctx, { action: 'standard_answer.delete', subjectId: id }, trx)
  })
