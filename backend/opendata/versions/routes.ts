import type { Router } from 'express'
import { openStorage } from '../../core/files/open.ts'
import type { Context } from '../../core/http/context.ts'
import { sendFile } from '../../core/http/ranges.ts'
import { serve, served } from '../../core/http/serve.ts'
import { getCollection } from '../collections.ts'
import * as api from '../contract.ts'
import { formats } from '../formats.ts'
import { getVersion, listVersions, nameOf, type Version } from './versions.ts'

export function versionRoutes(router: Router): void {
  serve(router, api.listVersions, { may: 'anyone' }, async (ctx, { params }, _request, response) => {
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
    const versions = await listVersions(ctx, await getCollection(ctx, params.dataset))
    return versions.map((version) => described(ctx, version))
  })

  served.push({ endpoint: api.getVersion, may: 'anyone' })
  router.get('/opendata/:dataset/versions/:file', async (request, response) => {
    const ctx: Context = response.locals['context']
    response.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag, Accept-Ranges, Content-Range, Repr-Digest' }) // prettier-ignore
    const collection = await getCollection(ctx, request.params.dataset)
    const version = await getVersion(ctx, collection, request.params.file)
    response.attachment(`${collection.slug}-${nameOf(version)}`).type(typeOf(version))
    await sendFile(request, response, openStorage(ctx.config, 'versions'), version)
  })
}

const typeOf = ({ extension }: Version) => formats.find((format) => format.extension === extension)!.media_type

const described = ({ baseUrl }: Context, version: Version) => ({
  ...version,
  format: typeOf(version),
  created_at: new Date(version.created_at).toISOString(),
  href: `${baseUrl}/opendata/${version.collection}/versions/${nameOf(version)}`,
})
