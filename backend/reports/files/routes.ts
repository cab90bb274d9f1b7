import type { Router } from 'express'
import { receivePhoto as receiveDocument } from '../../cases/service.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as files from './files.ts'

const UPLOADS = { action: 'upload', points: 200, per_s: 600 }

export function fileRoutes(router: Router): void {
  const may = 'report.read'
  serve(router, api.listFiles, { may }, (ctx, { params }) => files.listFiles(ctx, params.id))
  serve(
    router,
    api.addFile,
    { may, limit: UPLOADS, before: receiveDocument },
    async (ctx, { params, query }, request, response) => {
      const all = await files.addFile(ctx, params.id, query.title, request.file?.buffer)
      response.location(`/api/staff/reports/${params.id}/files`)
      return all
    },
  )
  serve(router, api.getFile, { may }, async (ctx, { params }, _request, response) => {
    const { bytes, name, media_type } = await files.getFile(ctx, params)
    // Never shown in a page of ours, whatever it turns out to be.
    response.attachment(name).set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
    response.type(media_type).send(bytes)
    return ''
  })
  serve(router, api.removeFile, { may }, (ctx, { params }) => files.removeFile(ctx, params))
}
