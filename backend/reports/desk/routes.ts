import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import { extendReport } from '../expiry.ts'
import { assignReport, changeStatus, revealContact } from '../handling.ts'
import { readMentions } from '../notes/notes.ts'
import { refuseReport } from '../refusing.ts'
import { blurPhoto, changePhoto } from '../photos.ts'
import { listMarks, listStaffReports } from '../lists.ts'
import * as reports from '../service.ts'
import * as api from './contract.ts'

// Nobody rings up more people than this; who empties the register does.
const LOOKS = { action: 'contact', points: 120, per_s: 3600 }

export function deskRoutes(router: Router): void {
  serve(router, api.listStaffReports, { may: 'report.read' }, (ctx, { query }) => listStaffReports(ctx, query))
  serve(router, api.listMarks, { may: 'report.read' }, (ctx, { query }) => listMarks(ctx, query))
  serve(router, api.getStaffReport, { may: 'report.read' }, async (ctx, { params }) => {
    const report = await reports.getStaffReport(ctx, params.id)
    await readMentions(ctx, report.id)
    return report
  })
  serve(router, api.revealContact, { may: 'contact.reveal', limit: LOOKS }, (ctx, { params, body }) =>
    revealContact(ctx, params.id, body.reason),
  )
  serve(router, api.changeStatus, { may: 'report.change' }, (ctx, { params, body }) =>
    changeStatus(ctx, params.id, body),
  )
  serve(router, api.assignReport, { may: 'report.assign' }, (ctx, { params, body }) =>
    assignReport(ctx, params.id, body),
  )
  serve(router, api.refuseReport, { may: 'report.assign' }, (ctx, { params, body }) =>
    refuseReport(ctx, params.id, body.reason),
  )
  serve(router, api.extendReport, { may: 'report.change' }, (ctx, { params }) => extendReport(ctx, params.id))
  serve(router, api.changePhoto, { may: 'report.change' }, (ctx, { params, body }) => changePhoto(ctx, params, body))
  serve(router, api.blurPhoto, { may: 'report.change' }, (ctx, { params, body }) => blurPhoto(ctx, params, body.areas))
}
