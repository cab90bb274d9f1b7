import type { Router } from 'express'
import { serve } from '../core/http/serve.ts'
import * as api from './contract.ts'
import { findSchools } from './find.ts'
import { listConflicts, replaceRegister } from './register.ts'

export function schoolRoutes(router: Router): void {
  serve(router, api.findSchools, { may: 'anyone' }, (ctx, { query }) => findSchools(ctx, query))
  serve(router, api.listConflicts, { may: 'staff.read' }, (ctx, { query }) => listConflicts(ctx, query.school_year))
  serve(router, api.replaceRegister, { may: 'layer.manage' }, (ctx, { body }) => replaceRegister(ctx, body))
}
