import type { Router } from 'express'
import { onDayOf } from '../core/http/context.ts'
import { SHEETS } from '../core/http/limits.ts'
import { serve } from '../core/http/serve.ts'
import { sendSheet } from '../core/pdf.ts'
import * as api from './contract.ts'
import { measurePlot } from './plot.ts'
import { drawPlot } from './sheet.ts'

export function buildingRoutes(router: Router): void {
  serve(router, api.getPlot, { may: 'anyone' }, (ctx, { query }) => measurePlot(onDayOf(ctx, query), query))
  serve(router, api.plotSheet, { may: 'anyone', limit: SHEETS }, async (ctx, { query }, _request, response) => {
    const asked = { ...onDayOf(ctx, query), language: query.language ?? ctx.language }
    await sendSheet(await drawPlot(asked, await measurePlot(asked, query)), 'building', response)
    return ''
  })
}
