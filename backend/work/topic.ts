import type { Topic } from '../core/http/live.ts'
import { visibleWork } from './read.ts'

/** Staff hear of the work orders that they may see. */
export const workTopic: Topic = {
  name: 'work',
  permission: 'work.read',
  concerns: async (ctx, id) =>
    (await ctx.db('work_order as o').where('o.id', id).whereRaw(visibleWork(ctx, ctx.db)).first('o.id')) !== undefined,
}
