import type { Router } from 'express'
import { sql } from '../../core/db/sql.ts'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'

export function letterRoutes(router: Router): void {
  // Again it changes nothing, and a wrong token tells nothing.
  serve(router, api.stopLetters, { may: 'anyone' }, async ({ db }, { params }) => {
    await sql(db, 'reports/stop_letters', params)
  })
  // Whatever reads letters for a person follows links; only the button, or a POST, ends anything.
  serve(router, api.openStopLetters, { may: 'anyone' }, async (_ctx, { params }, _request, response) => {
    response.redirect(303, `/stop-letters/${encodeURIComponent(params.token)}`)
  })
}
