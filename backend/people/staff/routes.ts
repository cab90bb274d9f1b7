import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { listDepartments } from '../service.ts'
import * as api from './contract.ts'
import * as people from './people.ts'
import { listAudit } from './trail.ts'

export function staffRoutes(router: Router): void {
  serve(router, api.listDepartments, { may: 'staff.read' }, (ctx) => listDepartments(ctx))
  serve(router, api.listPeople, { may: 'people.manage' }, (ctx, { query }) => people.listPeople(ctx, query.email))
  serve(router, api.invite, { may: 'people.manage', fresh: true }, (ctx, { body }) => people.invite(ctx, body))
  serve(router, api.grantRole, { may: 'people.manage', fresh: true }, (ctx, { params, body }) =>
    people.grantRole(ctx, params.id, body),
  )
  serve(router, api.revokeGrant, { may: 'people.manage', fresh: true }, (ctx, { params }) =>
    people.revokeGrant(ctx, params.id, params.grant),
  )
  serve(router, api.disablePerson, { may: 'people.manage', fresh: true }, (ctx, { params, body }) =>
    people.disablePerson(ctx, params.id, body.is_disabled),
  )
  serve(router, api.endSessions, { may: 'people.manage', fresh: true }, (ctx, { params }) =>
    people.endSessions(ctx, params.id),
  )
  serve(router, api.listAudit, { may: 'audit.read' }, (ctx, { query }) => listAudit(ctx, query))
}
