// The town's own days. What they mean for promises is SQL: working_days().
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { LocalDay, LocalDayInput } from './contract.ts'

type Input = z.output<typeof LocalDayInput>

/** The days of a year, those of every year among them. */
export const listLocalDays = (ctx: Context, year: number): Promise<LocalDay[]> =>
  sql<LocalDay>(ctx.db, 'cases/local_days', { year, id: null })

/** Adds a day. Throws day-exists. */
export const addLocalDay = (ctx: Context, input: Input): Promise<LocalDay> =>
  ctx.db.transaction(async (trx) => {
    const id = await insertLocalDay(trx, input)
    if (!id) throw problem('day-exists', { path: 'day' })
    await audit(ctx, { action: 'local_day.add', subjectId: id, detail: { ...input } }, trx)
    const [added] = await sql<LocalDay>(trx, 'cases/local_days', { year: Number(input.day.slice(0, 4)), id })
    return added!
  })

/** Adds a day that is not there yet; its id, or undefined where there is one. */
export async function insertLocalDay(
  trx: Db,
  { day, title, is_yearly, is_worked }: Input,
): Promise<string | undefined> {
  const [row] = await trx('local_day')
    .insert({ day_on: day, title: JSON.stringify(title), is_yearly, is_worked })
    .onConflict()
    .ignore()
    .returning('id')
  return row?.id
}

/** Removes a day. Throws not-found. */
export const deleteLocalDay = (ctx: Context, id: string): Promise<void> =>
  ctx.db.transaction(async (trx) => {
    const [gone] = await trx('local_day')
      .where({ id })
      .delete()
      .returning(['title', trx.raw('day_on::text AS day')])
    if (!gone) throw problem('not-found')
    await audit(ctx, { action: 'local_day.delete', subjectId: id, detail: gone }, trx)
  })
