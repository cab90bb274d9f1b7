import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { changeWords } from './correct.ts'
import { reopenReport } from './reopen.ts'

const WORDS = { action: 'words', points: 60, per_s: 600 }

export function reporterRoutes(router: Router): void {
  serve(router, api.reopenReport, { may: 'anyone', limit: WORDS }, (ctx, { params, body }) =>
    reopenReport(ctx, params.token, body),
  )
  serve(router, api.changeWords, { may: 'anyone', limit: WORDS }, (ctx, { params, body }) =>
    changeWords(ctx, params.token, body.description),
  )
}
