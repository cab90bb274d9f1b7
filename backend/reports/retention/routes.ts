import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { changeRetention, listRetention } from './rules.ts'
import { retain } from './run.ts'

// It locks what it counts until it has counted.
const REHEARSALS = { action: 'rehearsal', points: 60, per_s: 3600 }

export function retentionRoutes(router: Router): void {
  serve(router, api.listRetention, { may: 'privacy.manage' }, (ctx) => listRetention(ctx))
  serve(router, api.rehearseRetention, { may: 'privacy.manage', limit: REHEARSALS }, (ctx) =>
    retain(ctx.db, { isDryRun: true }),
  )
  // Fewer months let data go for good with the next run.
  serve(router, api.changeRetention, { may: 'privacy.manage', fresh: true }, (ctx, { params, body }) =>
    changeRetention(ctx, params.category, body),
  )
}
