// npm run openapi: prints the description of the API without starting anything.
import { Router } from 'express'
import { openApi } from '../core/http/openapi.ts'
import { served } from '../core/http/serve.ts'
import { layerRoutes } from '../layers/routes.ts'
import { openDataRoutes } from '../opendata/routes.ts'
import { peopleRoutes } from '../people/routes.ts'
import { placeRoutes } from '../places/routes.ts'
import { reportRoutes } from '../reports/routes.ts'

const router = Router()
for (const routes of [peopleRoutes, layerRoutes, placeRoutes, reportRoutes, openDataRoutes]) routes(router)
process.stdout.write(`${JSON.stringify(openApi(served, 'http://localhost:8080'), null, 2)}\n`)
