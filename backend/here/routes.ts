import type { Router } from 'express'
import { onDayOf } from '../core/http/context.ts'
import { SHEETS } from '../core/http/limits.ts'
import { serve } from '../core/http/serve.ts'
import { sendSheet } from '../core/pdf.ts'
import * as api from './contract.ts'
import { whatIsHere } from './here.ts'
import { drawHere } from './sheet.ts'

export function hereRoutes(router: Router): void {
  serve(router, api.where, { may: 'anyone' }, (ctx, { query }) => whatIsHere(onDayOf(ctx, query), query))
  serve(router, api.whereSheet, { may: 'anyone', limit: SHEETS }, async (ctx, { query }, _request, response) => {
    const asked = { ...onDayOf(ctx, query), language: query.language ?? ctx.language }
    const sheet = await drawHere(asked, await whatIsHere(asked, query))
    await sendSheet(sheet, `${query.lat.toFixed(5)}_${query.lon.toFixed(5)}`, response)
    return ''
  })
}
