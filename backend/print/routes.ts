import type { Router } from 'express'
import { onDayOf } from '../core/http/context.ts'
import { SHEETS } from '../core/http/limits.ts'
import { serve } from '../core/http/serve.ts'
import { sendSheet } from '../core/pdf.ts'
import * as api from './contract.ts'
import { drawMapSheet } from './sheet.ts'

export function printRoutes(router: Router): void {
  serve(router, api.mapSheet, { may: 'anyone', limit: SHEETS }, async (ctx, { query }, _request, response) => {
    const asked = { ...onDayOf(ctx, query), language: query.language ?? ctx.language }
    await sendSheet(await drawMapSheet(asked, query), `map-1-${query.scale}`, response)
    return ''
  })
}
