import type { Topic } from '../core/http/live.ts'
import { actorOf } from './service.ts'
import { visibleToStaff } from './visibility.ts'

/** Staff hear of the reports that they may see. */
export const reportTopic: Topic = {
  name: 'report',
  permission: 'report.read',
  concerns: async (ctx, id) =>
    (await ctx
      .db('report as r')
      .where('r.id', id)
      .whereRaw(visibleToStaff(ctx.db, actorOf(ctx)))
      .first('r.id')) !== undefined,
}
