import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { lookUp } from './lookup.ts'

// A family in one house asks less; who tries a thousand codes an hour finds, with a million reports, ten, and of them nothing personal.
const TRIES = { action: 'lookup', points: 20, per_s: 600 }

export function lookupRoutes(router: Router): void {
  serve(router, api.lookUp, { may: 'anyone', limit: TRIES }, (ctx, { body }) => lookUp(ctx, body.code))
}
