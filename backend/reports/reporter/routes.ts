import { pipeline } from 'node:stream/promises'
import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as mine from '../mine.ts'
import { eraseOwnData, exportOwnData } from '../ownData.ts'
import { extendFollowed } from '../expiry.ts'
import { followReport } from '../service.ts'
import * as api from './contract.ts'
import { answerReport } from './answer.ts'
import { changeWords } from './correct.ts'
import { reopenReport } from './reopen.ts'

const EXPORTS = { action: 'export', points: 5, per_s: 3600 }
const WORDS = { action: 'words', points: 60, per_s: 600 }

export function reporterRoutes(router: Router): void {
  serve(router, api.followReport, { may: 'anyone' }, (ctx, { params }) => followReport(ctx, params.token))
  serve(router, api.listOwnReports, { may: 'signed-in', scope: 'reports.own' }, (ctx) => mine.listOwnReports(ctx))
  serve(router, api.claimReports, { may: 'signed-in' }, (ctx, { body }) => mine.claimReports(ctx, body.tokens))
  serve(router, api.listLinkedReports, { may: 'anyone' }, (ctx, { params }) =>
    mine.listLinkedReports(ctx, params.token),
  )
  serve(router, api.exportOwnData, { may: 'signed-in', fresh: true, limit: EXPORTS }, async (ctx, _i, _q, response) => {
    const zip = await exportOwnData(ctx)
    response.type('application/zip').attachment('my-data.zip')
    await pipeline(zip.outputStream, response)
    return ''
  })
  serve(router, api.eraseOwnData, { may: 'signed-in', fresh: true }, (ctx) => eraseOwnData(ctx))
  serve(router, api.reopenReport, { may: 'anyone', limit: WORDS }, (ctx, { params, body }) =>
    reopenReport(ctx, params.token, body),
  )
  serve(router, api.answerReport, { may: 'anyone', limit: WORDS }, (ctx, { params, body }) =>
    answerReport(ctx, params.token, body),
  )
  serve(router, api.extendFollowed, { may: 'anyone', limit: WORDS }, (ctx, { params }) =>
    extendFollowed(ctx, params.token),
  )
  serve(router, api.changeWords, { may: 'anyone', limit: WORDS }, (ctx, { params, body }) =>
    changeWords(ctx, params.token, body.description),
  )
}
