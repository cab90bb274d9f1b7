import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler, Router } from 'express'
import multer from 'multer'
import { problem } from '../../core/http/problem.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { problemTable } from './problems.ts'
import * as imports from './service.ts'

const LIMIT_MB = 500

const receive = multer({
  storage: multer.diskStorage({ destination: tmpdir() }),
  limits: { fileSize: LIMIT_MB * 1024 * 1024, files: 1, fields: 0 },
  // Names of files are Greek.
  defParamCharset: 'utf8',
}).single('file')

/** multer has removed what it had written when it fails. */
const receiveFile: RequestHandler = (request, response, next) =>
  receive(request, response, (error: unknown) => {
    const isTooLarge = error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE'
    next(isTooLarge ? problem('too-large', { values: { limit_mb: LIMIT_MB } }) : error)
  })

export function importRoutes(router: Router): void {
  serve(
    router,
    api.uploadFile,
    { may: 'layer.manage', before: receiveFile },
    async (ctx, { query }, request, response) => {
      if (!request.file) throw problem('no-file', { path: 'file' })
      const { path, originalname: name } = request.file
      const { lon_column: lon, lat_column: lat, address_column: address, number_column: number, ...said } = query
      const wishes = { ...said, place: { lon, lat, address, number } }
      const made = await imports.uploadFile(ctx, { path, name }, wishes, request.log)
      response.location(`/api/staff/layer-imports/${made.id}`)
      return made
    },
  )
  serve(router, api.listImports, { may: 'layer.manage' }, (ctx) => imports.listImports(ctx))
  serve(router, api.getImport, { may: 'layer.manage' }, (ctx, { params }) => imports.getImport(ctx, params.id))
  serve(router, api.previewImport, { may: 'layer.manage' }, (ctx, { params }) => imports.previewImport(ctx, params.id))
  serve(router, api.importProblems, { may: 'layer.manage' }, async (ctx, { params }, _request, response) => {
    const { fileName, pieces } = await problemTable(ctx, params.id)
    response.attachment(fileName).type('text/csv')
    await pipeline(Readable.from(pieces, { objectMode: false }), response)
    return ''
  })
  serve(router, api.loadImport, { may: 'layer.manage' }, (ctx, { params, body }, request) =>
    imports.startLoading(ctx, params.id, body, request.log),
  )
  serve(router, api.removeImport, { may: 'layer.manage' }, (ctx, { params }) => imports.removeImport(ctx, params.id))
}
