// Whole datasets as files: /opendata/{dataset}.{extension}
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response, Router } from 'express'
import type { Context } from '../../core/http/context.ts'
import { hasVersion } from '../../core/http/etag.ts'
import { problem } from '../../core/http/problem.ts'
import { served } from '../../core/http/serve.ts'
import { getCollection } from '../collections.ts'
import { download } from '../contract.ts'
import { type Format, formats, formatsOf } from '../formats.ts'
import { prepare } from '../prepared/service.ts'
import { isTaking } from '../usage/counter.ts'
import { type Download, readDownload } from './download.ts'
import { writerOf } from './writers.ts'

export function downloadRoutes(router: Router): void {
  for (const format of formats) {
    served.push({ endpoint: download(format.extension, format.name, format.media_type), may: 'anyone' })
    router.get(`/opendata/:dataset.${format.extension}`, async (request, response) => {
      const hangUp = new AbortController()
      response.once('close', () => hangUp.abort())
      await send(request, response, format, hangUp.signal).catch((error: NodeJS.ErrnoException) => {
        // Who closes the page half-way has done nothing wrong, and neither have we.
        if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.name !== 'AbortError') throw error
      })
    })
  }
}

async function send(request: Request, response: Response, format: Format, signal: AbortSignal): Promise<void> {
  const ctx: Context = response.locals['context']
  response.vary('Prefer')
  response.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Content-Crs, ETag, Link' })
  const dataset = await getCollection(ctx, request.params['dataset'] as string)
  if (!formatsOf(dataset).includes(format)) throw problem('not-found')
  const asked = readDownload(ctx, dataset, format, request.query as Record<string, unknown>, signal)
  const name = `${dataset.slug}.${format.extension}`
  const etag = `"${dataset.slug}-${dataset.version}-${digest(request.originalUrl + ctx.language)}"`
  response.set({
    ETag: etag,
    'Cache-Control': 'public, max-age=60, stale-while-revalidate=600',
    'Content-Crs': `<${asked.query.crs.uri}>`,
    Link: `<https://spdx.org/licenses/${dataset.licence}.html>; rel="license"`,
  })
  if (hasVersion(request, etag)) return void response.status(304).end()
  isTaking(response, { dataset: dataset.slug, format: format.extension })
  const isHead = request.method === 'HEAD'
  if (wantsLater(request) && dataset.layer && !isHead)
    return answerLater(ctx, request, response, { format, asked, etag })
  const pieces = isHead ? undefined : await started(writerOf(format)(asked))
  // attachment() takes the type from the end of the name, which says less.
  response.attachment(name).type(format.media_type)
  if (!pieces) return void response.end()
  await pipeline(Readable.from(pieces, { objectMode: false }), response)
}

// RFC 7240, 4.1; reports are few and may be taken back: they come at once.
const wantsLater = (request: Request): boolean => /(^|,)\s*respond-async\s*(;|,|$)/i.test(request.get('Prefer') ?? '')

async function answerLater(ctx: Context, request: Request, response: Response, { format, asked, etag }: Later) {
  const id = await prepare(ctx, asked, format, { content: etag, asked: request.query as Record<string, unknown> })
  const address = `${ctx.baseUrl}/opendata/prepared/${id}`
  response.status(202).set({ Location: address, 'Preference-Applied': 'respond-async', 'Cache-Control': 'no-store' })
  response.removeHeader('ETag')
  response.json({ href: address })
}

interface Later {
  format: Format
  asked: Download
  etag: string
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 12)

type Pieces = AsyncGenerator<string | Uint8Array>

/** The same pieces, the first of them made: what cannot be computed is still a problem with a message then. */
async function started(pieces: Pieces): Promise<Pieces> {
  const first = await pieces.next()
  return (async function* () {
    try {
      if (!first.done) yield first.value
      yield* pieces
    } finally {
      await pieces.return(undefined)
    }
  })()
}
