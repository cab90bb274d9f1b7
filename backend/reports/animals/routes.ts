import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { listFollowedMatches, listMatches, listStaffMatches } from './matches.ts'

export function animalRoutes(router: Router): void {
  serve(router, api.listMatches, { may: 'anyone' }, (ctx, { params }) => listMatches(ctx, params.id))
  serve(router, api.listFollowedMatches, { may: 'anyone' }, (ctx, { params }) => listFollowedMatches(ctx, params.token))
  serve(router, api.listStaffMatches, { may: 'report.read' }, (ctx, { params }) => listStaffMatches(ctx, params.id))
}
