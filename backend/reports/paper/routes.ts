import type { Router } from 'express'
import { SHEETS } from '../../core/http/limits.ts'
import { serve } from '../../core/http/serve.ts'
import { sendSheet } from '../../core/pdf.ts'
import * as api from './contract.ts'
import { drawList, drawReport } from './sheet.ts'

/** Before the routes of the desk: "{id}.pdf" is an id there. */
export function paperRoutes(router: Router): void {
  const rules = { may: 'report.read', limit: SHEETS } as const
  serve(router, api.listSheet, rules, async (ctx, { query: { language, ...query } }, _request, response) => {
    await sendSheet(await drawList({ ...ctx, language: language ?? ctx.language }, query), 'reports', response)
    return ''
  })
  serve(router, api.reportSheet, rules, async (ctx, { params, query }, _request, response) => {
    const sheet = await drawReport({ ...ctx, language: query.language ?? ctx.language }, params.id)
    await sendSheet(sheet, `report-${params.id}`, response)
    return ''
  })
}
