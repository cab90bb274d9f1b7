import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { findCaller } from './callers.ts'
import * as api from './contract.ts'
import { registerCall, supportByPhone } from './register.ts'

// A busy telephone rings every minute or two, and names are looked for twice; who empties the register looks far more often.
const LOOKS = { action: 'caller', points: 200, per_s: 3600 }

export function phoneRoutes(router: Router): void {
  serve(router, api.findCaller, { may: 'report.register', limit: LOOKS }, (ctx, { body }) => findCaller(ctx, body.q))
  serve(router, api.registerCall, { may: 'report.register' }, async (ctx, { body }, request, response) => {
    const receipt = await registerCall(ctx, body, request.get('Idempotency-Key')?.slice(0, 200))
    response.location(`/api/staff/reports/${receipt.id}`)
    return receipt
  })
  serve(router, api.supportByPhone, { may: 'report.register' }, (ctx, { params, body }) =>
    supportByPhone(ctx, params.id, body),
  )
}
