import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import * as notes from './notes.ts'

export function noteRoutes(router: Router): void {
  const may = 'report.read'
  serve(router, api.listColleagues, { may }, (ctx, { params }) => notes.listColleagues(ctx, params.id))
  serve(router, api.addNote, { may }, (ctx, { params, body }) => notes.addNote(ctx, params.id, body))
  serve(router, api.listMentions, { may }, (ctx) => notes.listMentions(ctx))
  serve(router, api.listSamePlace, { may }, (ctx, { params }) => notes.listSamePlace(ctx, params.id))
}
