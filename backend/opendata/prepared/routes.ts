import type { Router } from 'express'
import { openStorage } from '../../core/files/open.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { sendFile } from '../../core/http/ranges.ts'
import { serve, served } from '../../core/http/serve.ts'
import * as api from '../contract.ts'
import { formats } from '../formats.ts'
import { KEEP_HOURS } from './jobs.ts'
import { fileOf } from './row.ts'
import { getPrepared } from './service.ts'

const STATUS = { waiting: 'running', ready: 'successful', failed: 'failed' } as const
const ASK_AGAIN_S = 2

export function preparedRoutes(router: Router): void {
  serve(router, api.getPrepared, { may: 'anyone' }, async (ctx, { params }, _request, response) => {
    const { id, state, features_done, feature_count, bytes, sha256, created_at } = await getPrepared(ctx, params.id)
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' })
    if (state === 'waiting') response.set('Retry-After', String(ASK_AGAIN_S))
    return {
      status: STATUS[state],
      progress: state === 'ready' ? 100 : Math.floor((99 * features_done) / Math.max(feature_count, 1)),
      href: state === 'ready' ? `${ctx.baseUrl}/opendata/prepared/${id}/file` : null,
      bytes,
      sha256,
      expires_at: new Date(Date.parse(created_at) + KEEP_HOURS * 3_600_000).toISOString(),
    }
  })

  served.push({ endpoint: api.getPreparedFile, may: 'anyone' })
  router.get('/opendata/prepared/:id/file', async (request, response) => {
    const ctx: Context = response.locals['context']
    response.set('Access-Control-Allow-Origin', '*')
    const row = await getPrepared(ctx, request.params.id)
    const { extension, dataset, bytes, sha256 } = row
    if (bytes === null || sha256 === null) throw problem('not-found')
    const type = formats.find((format) => format.extension === extension)!.media_type
    response.attachment(`${dataset.slug}.${extension}`).type(type)
    await sendFile(request, response, openStorage(ctx.config, 'prepared'), { file: fileOf(row), bytes, sha256 })
  })
}
