import type { Router } from 'express'
import { photoName, receivePhoto, storePhoto } from '../cases/service.ts'
import type { Context } from '../core/http/context.ts'
import { hasVersion } from '../core/http/etag.ts'
import { problem } from '../core/http/problem.ts'
import { serve } from '../core/http/serve.ts'
import { animalRoutes } from './animals/routes.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { nearAssets } from './assets/assets.ts'
import { nearAssets as nearAssetsApi } from './assets/contract.ts'
import { categoryRoutes } from './categories/routes.ts'
import { ruleRoutes } from './rules/routes.ts'
import * as api from './contract.ts'
import { deskRoutes } from './desk/routes.ts'
import { duplicateRoutes } from './duplicates/routes.ts'
import { fileRoutes } from './files/routes.ts'
import { forwardingRoutes } from './forwarding/routes.ts'
import { letterRoutes } from './letters/routes.ts'
import { lookupRoutes } from './lookup/routes.ts'
import { noteRoutes } from './notes/routes.ts'
import { paperRoutes } from './paper/routes.ts'
import { phoneRoutes } from './phone/routes.ts'
import { presenceRoutes } from './presence/routes.ts'
import { subscriptionRoutes } from './subscriptions/routes.ts'
import { viewRoutes } from './views/routes.ts'
import { previewRoute, submitReport } from './intake.ts'
import { reporterRoutes } from './reporter/routes.ts'
import { retentionRoutes } from './retention/routes.ts'
import { listReports } from './lists.ts'
import * as reports from './service.ts'
import { standardRoutes } from './standard/routes.ts'
import { maySeePhoto } from './visibility.ts'

// Many phones share one address of their network, so these are far above what one person does.
const REPORTS = { action: 'report', points: 60, per_s: 600 }
const UPLOADS = { action: 'upload', points: 200, per_s: 600 }

export function reportRoutes(router: Router): void {
  categoryRoutes(router)
  ruleRoutes(router)
  serve(
    router,
    api.upload,
    { may: 'anyone', limit: UPLOADS, before: receivePhoto },
    async (ctx, _input, request, response) => {
      const photo = await storePhoto(ctx, request.file?.buffer)
      response.location(photo.url)
      return photo
    },
  )
  serve(router, api.previewRoute, { may: 'anyone' }, (ctx, { body }) => previewRoute(ctx, body))
  const sending = { may: 'anyone', scope: 'reports.write', limit: REPORTS } as const
  serve(router, api.submitReport, sending, async (ctx, { query, body }, request, response) => {
    const receipt = await submitReport(ctx, body, {
      idempotencyKey: request.get('Idempotency-Key')?.slice(0, 200),
      // People are shown what is there before they send; programs are told.
      checkDuplicates: query.check_duplicates ? query.check_duplicates === 'true' : ctx.key !== null,
    })
    response.location(`/api/reports/${receipt.id}`)
    return receipt
  })
  serve(router, nearAssetsApi, { may: 'anyone' }, (ctx, { query }) => nearAssets(ctx, query))
  serve(router, api.nearbyReports, { may: 'anyone' }, (ctx, { query }) => reports.nearbyReports(ctx, query))
  serve(router, api.listReports, { may: 'anyone' }, (ctx, { query }) => listReports(ctx, query))
  serve(router, api.getReport, { may: 'anyone' }, (ctx, { params }) => reports.getReport(ctx, params.id))

  duplicateRoutes(router)
  animalRoutes(router)
  reporterRoutes(router)
  paperRoutes(router)
  bulkRoutes(router)
  phoneRoutes(router)
  noteRoutes(router)
  fileRoutes(router)
  lookupRoutes(router)
  presenceRoutes(router)
  standardRoutes(router)
  deskRoutes(router)
  retentionRoutes(router)
  forwardingRoutes(router)
  viewRoutes(router)
  subscriptionRoutes(router)
  letterRoutes(router)

  router.get('/api/photos/:id', async (request, response) => {
    const ctx: Context = response.locals['context']
    const id = reports.existing(request.params.id)
    const follow = typeof request.query['follow'] === 'string' ? request.query['follow'] : null
    if (!(await maySeePhoto(ctx, id, follow))) throw problem('not-found')
    const head = {
      // Asked for anew each time: a photo that was withdrawn or blurred must not live on in a cache; one that not all may see in none.
      'Cache-Control': ctx.actor || follow ? 'no-store' : 'private, no-cache',
      // Under one id it never changes.
      ETag: `"${id}"`,
    }
    if (hasVersion(request, head.ETag)) return void response.status(304).set(head).end()
    const photo = await ctx.storage.get(photoName(id))
    if (!photo) throw problem('not-found')
    response.set({ ...head, 'Content-Disposition': `inline; filename="${id}.jpg"` })
    response.type('image/jpeg').send(photo)
  })
}
