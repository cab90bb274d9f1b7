import type { Router } from 'express'
import { serve } from '../core/http/serve.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { listCollections } from './collections.ts'
import * as api from './contract.ts'
import { downloadRoutes } from './downloads/routes.ts'
import { formats } from './formats.ts'

export function openDataRoutes(router: Router): void {
  serve(router, api.listDatasets, { may: 'anyone' }, async (ctx, _input, _request, response) => {
    response.set('Access-Control-Allow-Origin', '*')
    return (await listCollections(ctx)).map((collection) => ({
      ...collection,
      distributions: formats.map(({ media_type, extension }) => ({
        format: media_type,
        href: `${ctx.baseUrl}/opendata/${collection.slug}.${extension}`,
      })),
    }))
  })
  catalogueRoutes(router)
  downloadRoutes(router)
}
