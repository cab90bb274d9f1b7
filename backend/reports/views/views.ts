// Filters of the inbox with a name: each member of staff has their own.
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { actorOf } from '../service.ts'
import type { Filters, SavedView } from './contract.ts'

/** More names than anybody tells apart. */
const MOST = 50

/** Names of the caller. */
export const listViews = (ctx: Context): Promise<SavedView[]> =>
  ctx
    .db('saved_view')
    .where({ account_id: actorOf(ctx).accountId })
    .orderBy('title')
    .select('id', 'title', 'filters')

/** Gives filters a name; one of that name is replaced. Throws too-many-views. */
export async function saveView(
  ctx: Context,
  { title, filters }: { title: string; filters: Filters },
): Promise<SavedView> {
  const account_id = actorOf(ctx).accountId
  return ctx.db.transaction(async (trx) => {
    // One after the other for one account: the count must hold.
    await trx('account').where({ id: account_id }).forNoKeyUpdate().first('id')
    const others = await trx('saved_view').where({ account_id }).whereNot({ title }).select('id').limit(MOST)
    if (others.length >= MOST) throw problem('too-many-views', { values: { most: MOST }, path: 'title' })
    const [row] = await trx('saved_view')
      .insert({ account_id, title, filters: JSON.stringify(filters) })
      .onConflict(['account_id', 'title'])
      .merge(['filters'])
      .returning(['id', 'title', 'filters'])
    return row
  })
}

/** Takes a name away. Throws not-found, also for what is somebody else's. */
export async function deleteView(ctx: Context, id: string): Promise<void> {
  const gone = await ctx
    .db('saved_view')
    .where({ id, account_id: actorOf(ctx).accountId })
    .delete()
  if (gone === 0) throw problem('not-found')
}
