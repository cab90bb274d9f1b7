import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as standard from './standard.ts'

export function standardRoutes(router: Router): void {
  const may = 'answer.manage'
  serve(router, api.listStandardAnswers, { may: 'report.read' }, (ctx) => standard.listStandardAnswers(ctx))
  serve(router, api.addStandardAnswer, { may }, (ctx, { body }) => standard.addStandardAnswer(ctx, body))
  serve(router, api.changeStandardAnswer, { may }, (ctx, { params, body }) =>
    standard.changeStandardAnswer(ctx, params.id, body),
  )
  serve(router, api.deleteStandardAnswer, { may }, (ctx, { params }) => standard.deleteStandardAnswer(ctx, params.id))
}
