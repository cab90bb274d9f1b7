import type { Router } from 'express'
import { serve } from '../core/http/serve.ts'
import { sendSheet } from '../core/pdf.ts'
import * as api from './contract.ts'
import { whatIsHere } from './here.ts'
import { drawHere } from './sheet.ts'

/** A sheet is more work than a page. */
const SHEETS = { action: 'sheet', points: 30, per_s: 300 }

export function hereRoutes(router: Router): void {
  serve(router, api.where, { may: 'anyone' }, (ctx, { query }) => whatIsHere(ctx, query))
  serve(router, api.whereSheet, { may: 'anyone', limit: SHEETS }, async (ctx, { query }, _request, response) => {
    const asked = { ...ctx, language: query.language ?? ctx.language }
    const sheet = await drawHere(asked, await whatIsHere(asked, query))
    await sendSheet(sheet, `${query.lat.toFixed(5)}_${query.lon.toFixed(5)}`, response)
    return ''
  })
}
