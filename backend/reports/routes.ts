import { pipeline } from 'node:stream/promises'
import type { Router } from 'express'
import { photoName, receivePhoto, storePhoto } from '../cases/service.ts'
import type { Context } from '../core/http/context.ts'
import { hasVersion } from '../core/http/etag.ts'
import { problem } from '../core/http/problem.ts'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import { duplicateRoutes } from './duplicates/routes.ts'
import { forwardingRoutes } from './forwarding/routes.ts'
import { viewRoutes } from './views/routes.ts'
import { assignReport, changeStatus, revealContact } from './handling.ts'
import { previewRoute, submitReport } from './intake.ts'
import * as mine from './mine.ts'
import { eraseOwnData, exportOwnData } from './ownData.ts'
import { blurPhoto, changePhoto } from './photos.ts'
import { reporterRoutes } from './reporter/routes.ts'
import { retentionRoutes } from './retention/routes.ts'
import * as reports from './service.ts'
import { maySeePhoto } from './visibility.ts'

// Many phones share one address of their network, so these are far above what one person does.
const REPORTS = { action: 'report', points: 60, per_s: 600 }
const UPLOADS = { action: 'upload', points: 200, per_s: 600 }

// Nobody rings up more people than this; who empties the register does.
const LOOKS = { action: 'contact', points: 120, per_s: 3600 }

const EXPORTS = { action: 'export', points: 5, per_s: 3600 }

export function reportRoutes(router: Router): void {
  serve(router, api.listCategories, { may: 'anyone' }, (ctx) => reports.listCategories(ctx))
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
      checkDuplicates: query.check_duplicates === 'true',
    })
    response.location(`/api/reports/${receipt.id}`)
    return receipt
  })
  serve(router, api.nearbyReports, { may: 'anyone' }, (ctx, { query }) => reports.nearbyReports(ctx, query))
  serve(router, api.listReports, { may: 'anyone' }, (ctx, { query }) => reports.listReports(ctx, query))
  serve(router, api.getReport, { may: 'anyone' }, (ctx, { params }) => reports.getReport(ctx, params.id))
  serve(router, api.followReport, { may: 'anyone' }, (ctx, { params }) => reports.followReport(ctx, params.token))

  serve(router, api.listOwnReports, { may: 'signed-in', scope: 'reports.own' }, (ctx) => mine.listOwnReports(ctx))
  serve(router, api.claimReports, { may: 'signed-in' }, (ctx, { body }) => mine.claimReports(ctx, body.tokens))
  serve(router, api.listLinkedReports, { may: 'anyone' }, (ctx, { params }) =>
    mine.listLinkedReports(ctx, params.token),
  )
  serve(router, api.exportOwnData, { may: 'signed-in', fresh: true, limit: EXPORTS }, async (ctx, _i, _q, response) => {
    const zip = await exportOwnData(ctx)
    response.type('application/zip').attachment('my-data.zip')
    await pipeline(zip.outputStream, response)
    return ''
  })
  serve(router, api.eraseOwnData, { may: 'signed-in', fresh: true }, (ctx) => eraseOwnData(ctx))
  serve(router, api.listStaffReports, { may: 'report.read' }, (ctx, { query }) => reports.listStaffReports(ctx, query))
  serve(router, api.getStaffReport, { may: 'report.read' }, (ctx, { params }) => reports.getStaffReport(ctx, params.id))
  serve(router, api.revealContact, { may: 'contact.reveal', limit: LOOKS }, (ctx, { params, body }) =>
    revealContact(ctx, params.id, body.reason),
  )
  serve(router, api.changeStatus, { may: 'report.change' }, (ctx, { params, body }) =>
    changeStatus(ctx, params.id, body),
  )
  serve(router, api.assignReport, { may: 'report.assign' }, (ctx, { params, body }) =>
    assignReport(ctx, params.id, body),
  )
  serve(router, api.changePhoto, { may: 'report.change' }, (ctx, { params, body }) => changePhoto(ctx, params, body))
  serve(router, api.blurPhoto, { may: 'report.change' }, (ctx, { params, body }) => blurPhoto(ctx, params, body.areas))

  duplicateRoutes(router)
  reporterRoutes(router)
  retentionRoutes(router)
  forwardingRoutes(router)
  viewRoutes(router)

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
