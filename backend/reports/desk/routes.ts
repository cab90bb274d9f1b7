import type { Router } from 'express'
import { readTile } from '../../core/geo/tile.ts'
import { serve } from '../../core/http/serve.ts'
import { extendReport } from '../expiry.ts'
import { assignReport, changeStatus, revealContact } from '../handling.ts'
import { readMentions } from '../notes/notes.ts'
import { rectifyReport } from '../rectifying.ts'
import { refuseReport } from '../refusing.ts'
import { blurPhoto, changePhoto } from '../photos.ts'
import { listStaffReports } from '../lists.ts'
import * as reports from '../service.ts'
import * as api from './contract.ts'
import { reportTile } from './tiles.ts'

// Nobody rings up more people than this; who empties the register does.
const LOOKS = { action: 'contact', points: 120, per_s: 3600 }

export function deskRoutes(router: Router): void {
  serve(router, api.listStaffReports, { may: 'report.read' }, (ctx, { query }) => listStaffReports(ctx, query))
  serve(router, api.getReportTile, { may: 'report.read' }, async (ctx, { params, query }, _request, response) => {
    const tile = await reportTile(ctx, readTile(params.z, params.x, params.y), query)
    // They change with every report, and what somebody may see is nobody else's.
    response.set('Cache-Control', 'private, no-store')
    if (tile.length === 0) response.status(204).end()
    else response.type('application/vnd.mapbox-vector-tile').send(tile)
    return ''
  })
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
  serve(router, api.rectifyReport, { may: 'report.change' }, (ctx, { params, body }) =>
    rectifyReport(ctx, params.id, body),
  )
  serve(router, api.refuseReport, { may: 'report.assign' }, (ctx, { params, body }) =>
    refuseReport(ctx, params.id, body.reason),
  )
  serve(router, api.extendReport, { may: 'report.change' }, (ctx, { params }) => extendReport(ctx, params.id))
  serve(router, api.changePhoto, { may: 'report.change' }, (ctx, { params, body }) => changePhoto(ctx, params, body))
  serve(router, api.blurPhoto, { may: 'report.change' }, (ctx, { params, body }) => blurPhoto(ctx, params, body.areas))
}
