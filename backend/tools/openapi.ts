// npm run openapi: prints the description of the API without starting anything.
import { Router } from 'express'
import { openApi } from '../core/http/openapi.ts'
import { served } from '../core/http/serve.ts'
import { layerRoutes } from '../layers/routes.ts'
import { feedRoutes } from '../opendata/feeds/routes.ts'
import { ogcRoutes } from '../opendata/ogc/routes.ts'
import { openDataRoutes } from '../opendata/routes.ts'
import { webhookRoutes } from '../opendata/webhooks/routes.ts'
import { peopleRoutes } from '../people/routes.ts'
import { placeRoutes } from '../places/routes.ts'
import { reportRoutes } from '../reports/routes.ts'
import { searchRoutes } from '../search/routes.ts'

const router = Router()
const all = [
  peopleRoutes,
  layerRoutes,
  placeRoutes,
  reportRoutes,
  searchRoutes,
  openDataRoutes,
  ogcRoutes,
  feedRoutes,
  webhookRoutes,
]
for (const routes of all) routes(router)
process.stdout.write(`${JSON.stringify(openApi(served, 'http://localhost:8080'), null, 2)}\n`)
