import type { Router } from 'express'
import { photoName } from '../cases/service.ts'
import { type Context, may } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { serve } from '../core/http/serve.ts'
import { existing } from '../reports/service.ts'
import { actOnWork } from './acts.ts'
import { closeReports } from './closing.ts'
import * as api from './contract.ts'
import { answerOffer } from './offer.ts'
import * as orders from './orders.ts'
import { planWork } from './plan.ts'
import { getTour, getWork, listToClose, listWork, visibleWork, workOfReport } from './read.ts'

export function workRoutes(router: Router): void {
  serve(router, api.createWork, { may: 'work.plan' }, async (ctx, { body }, _request, response) => {
    const made = await orders.createWork(ctx, body)
    response.location(`/api/staff/work/${made.id}`)
    return made
  })
  serve(router, api.listWork, { may: 'work.read' }, (ctx, { query }) => listWork(ctx, query))
  serve(router, api.getTour, { may: 'work.read' }, (ctx, { query }) => getTour(ctx, query))
  serve(router, api.workOfReport, { may: 'work.read' }, (ctx, { params }) => workOfReport(ctx, params.id))
  serve(router, api.getWork, { may: 'work.read' }, (ctx, { params }) => getWork(ctx, params.id))
  serve(router, api.changeWork, { may: 'work.plan' }, (ctx, { params, body }) =>
    orders.changeWork(ctx, params.id, body),
  )
  serve(router, api.planWork, { may: 'work.plan' }, (ctx, { params, body }) => planWork(ctx, params.id, body))
  serve(router, api.answerOffer, { may: 'work.do' }, (ctx, { params, body }) => answerOffer(ctx, params.id, body))
  serve(router, api.cancelWork, { may: 'work.plan' }, (ctx, { params, body }) =>
    orders.cancelWork(ctx, params.id, body),
  )
  serve(router, api.attachReports, { may: 'work.plan' }, (ctx, { params, body }) =>
    orders.attachReports(ctx, params.id, body.reports),
  )
  serve(router, api.detachReport, { may: 'work.plan' }, (ctx, { params }) =>
    orders.detachReport(ctx, params.id, params.report),
  )
  serve(router, api.actOnWork, { may: 'work.do' }, (ctx, { params, body }, request) =>
    actOnWork(ctx, params.id, body, request.get('Idempotency-Key')?.slice(0, 200)),
  )
  serve(router, api.listToClose, { may: 'report.change' }, (ctx) => listToClose(ctx))
  serve(router, api.closeReports, { may: 'report.change' }, (ctx, { params, body }) =>
    closeReports(ctx, params.id, body),
  )

  router.get('/api/staff/work/:id/photos/:photo', async (request, response) => {
    const ctx: Context = response.locals['context']
    if (!may(ctx.actor, 'work.read')) throw problem(ctx.actor ? 'not-allowed' : 'sign-in-needed')
    const photo = existing(request.params.photo)
    const row = await ctx
      .db('work_order_photo as m')
      .join('work_order as o', 'o.id', 'm.work_order_id')
      .where({ 'o.id': existing(request.params.id), 'm.photo_id': photo })
      .whereRaw(visibleWork(ctx, ctx.db))
      .first('o.id')
    const file = row && (await ctx.storage.get(photoName(photo)))
    if (!file) throw problem('not-found')
    response.set({ 'Cache-Control': 'no-store' }).type('image/jpeg').send(file)
  })
}
