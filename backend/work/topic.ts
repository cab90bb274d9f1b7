import type { Topic } from '../core/http/live.ts'
import { actorOf, visibleToStaff } from '../reports/service.ts'
import { visibleWork } from './read.ts'

/** Staff hear of the work orders that they may see, and of those of the reports that they answer for: these they may close then. */
export const workTopic: Topic = {
  name: 'work',
  permission: 'work.read',
  concerns: async (ctx, id) =>
    (await ctx
      .db('work_order as o')
      .where('o.id', id)
      .where((q) =>
        q.whereRaw(visibleWork(ctx, ctx.db)).orWhereExists(
          ctx
            .db('work_order_answer as a')
            .join('report as r', 'r.id', 'a.report_id')
            .where('a.work_order_id', id)
            .whereRaw(visibleToStaff(ctx.db, actorOf(ctx), 'report.change')),
        ),
      )
      .first('o.id')) !== undefined,
}
