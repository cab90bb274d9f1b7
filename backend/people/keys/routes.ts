import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { noteSecurity } from '../../core/http/security.ts'
import { tellOwner } from '../notices.ts'
import { signedIn } from '../sessions.ts'
import * as api from './contract.ts'
import * as keys from './keys.ts'

export function keyRoutes(router: Router): void {
  serve(router, api.listKeys, { may: 'signed-in' }, (ctx) => keys.listKeys(ctx.db, signedIn(ctx).accountId))
  serve(router, api.makeKey, { may: 'signed-in', fresh: true }, async (ctx, { body }, request, response) => {
    const made = await keys.makeKey(ctx, body)
    noteSecurity(request, response, 'key.made')
    await tellOwner(ctx, 'key_added')
    response.location('/api/me/keys')
    return made
  })
  serve(router, api.revokeKey, { may: 'signed-in', fresh: true }, async (ctx, { params }, request, response) => {
    await keys.revokeKey(ctx, params.id)
    noteSecurity(request, response, 'key.revoked')
    await tellOwner(ctx, 'key_removed')
  })
}
