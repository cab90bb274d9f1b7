import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { signedIn } from '../sessions.ts'
import * as api from './contract.ts'
import * as ledger from './ledger.ts'
import * as purposes from './purposes.ts'

// Entries stay for good: far more than anybody changes their mind, and too few to fill the ledger.
const ANSWERS = { action: 'consent', points: 60, per_s: 3600 }

export function consentRoutes(router: Router): void {
  serve(router, api.listOwnConsents, { may: 'signed-in' }, (ctx) => ledger.consentsOf(ctx.db, signedIn(ctx).accountId))
  serve(router, api.answer, { may: 'signed-in', limit: ANSWERS }, (ctx, { params, body }) =>
    ledger.answer(ctx, params.purpose, body),
  )
  serve(router, api.listConsents, { may: 'privacy.manage' }, (ctx, { params }) => ledger.readConsents(ctx, params.id))
  serve(router, api.recordAnswer, { may: 'privacy.manage' }, (ctx, { params, body }) =>
    ledger.recordAnswer(ctx, params, body),
  )
  serve(router, api.listPurposes, { may: 'privacy.manage' }, (ctx) => purposes.listPurposes(ctx))
  serve(router, api.addPurpose, { may: 'privacy.manage' }, (ctx, { body }) => purposes.addPurpose(ctx, body))
  serve(router, api.rewordPurpose, { may: 'privacy.manage' }, (ctx, { params, body }) =>
    purposes.rewordPurpose(ctx, params.slug, body),
  )
  serve(router, api.switchPurpose, { may: 'privacy.manage' }, (ctx, { params, body }) =>
    purposes.switchPurpose(ctx, params.slug, body.is_active),
  )
}
