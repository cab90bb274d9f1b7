import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { addCrew, changeCrew, listCrews } from './service.ts'
import { listSkills, putSkill, removeSkill } from './skills.ts'

export function crewRoutes(router: Router): void {
  // Who works where is the same business as who may do what.
  const may = 'people.manage'
  serve(router, api.listSkills, { may: 'work.read' }, (ctx) => listSkills(ctx))
  serve(router, api.putSkill, { may }, (ctx, { params, body }) => putSkill(ctx, params.slug, body.title))
  serve(router, api.removeSkill, { may }, (ctx, { params }) => removeSkill(ctx, params.slug))
  serve(router, api.listCrews, { may: 'work.read' }, (ctx) => listCrews(ctx))
  serve(router, api.addCrew, { may }, async (ctx, { body }, _request, response) => {
    response.location('/api/staff/crews')
    return addCrew(ctx, body)
  })
  serve(router, api.changeCrew, { may }, (ctx, { params, body }) => changeCrew(ctx, params.slug, body))
}
