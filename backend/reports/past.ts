// Reports from before: a demo city's history, or the cases of the system that Asty replaces. Placed and routed set by set.
import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { PointGeometry } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { locate } from '../places/service.ts'
import { Status } from './contract.ts'
import type { RouteRow } from './intake.ts'
import { explain } from './routing.ts'
import { isClosed } from './workflow.ts'

const PastReport = z.object({
  geometry: PointGeometry,
  properties: z.object({
    category: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    status: Status,
    acknowledged_at: z.iso.datetime({ offset: true }).nullish(),
    resolved_at: z.iso.datetime({ offset: true }).nullish(),
    channel: z.enum(['web', 'phone', 'app', 'desk']).default('web'),
    description: z.string(),
    /** Key of the thing in the layer of the category that it is about. */
    asset: z.string().optional(),
  }),
})
type PastReport = z.output<typeof PastReport>

const BATCH = 500
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Loads past reports in one transaction, numbered by the year and order in which they came; does nothing where reports exist.
 * writtenOn: the day on which the file's present was; its dates move by whole days so that the past stays as recent as it was.
 */
export async function loadPastReports(db: Db, features: AsyncIterable<unknown>, writtenOn?: string): Promise<number> {
  if (await db('report').first('id')) return 0
  const shift = writtenOn ? Math.floor((Date.now() - Date.parse(writtenOn) - DAY_MS) / DAY_MS) * DAY_MS : 0
  const all: PastReport[] = []
  for await (const feature of features) all.push(moved(PastReport.parse(feature), shift))
  all.sort((a, b) => a.properties.created_at.localeCompare(b.properties.created_at))
  await db.transaction(async (trx) => {
    for (let start = 0; start < all.length; start += BATCH) await loadBatch(trx, all.slice(start, start + BATCH))
  })
  return all.length
}

function moved(report: PastReport, shift: number): PastReport {
  const move = (at: string | null | undefined) => (at ? new Date(Date.parse(at) + shift).toISOString() : null)
  const { created_at, acknowledged_at, resolved_at, ...rest } = report.properties
  return {
    geometry: report.geometry,
    properties: {
      ...rest,
      created_at: move(created_at) as string,
      acknowledged_at: move(acknowledged_at),
      resolved_at: move(resolved_at),
    },
  }
}

async function loadBatch(trx: Db, batch: PastReport[]): Promise<void> {
  const located = await locate(
    trx,
    batch.map(({ geometry }) => geometry.coordinates),
  )
  const routes = await sql<RouteRow>(trx, 'reports/route', {
    ns: batch.map((_, n) => n),
    categories: batch.map(({ properties }) => properties.category),
    areas: located.map(({ areas }) => JSON.stringify(areas)),
    ats: batch.map(({ properties }) => properties.created_at),
  })
  const rows = routes.flatMap((routed) => {
    const report = batch[routed.n]
    const place = located[routed.n]?.place
    if (!report || !place?.municipality) return []
    const { geometry, properties } = report
    return {
      ...properties,
      id: randomUUID(),
      lon: geometry.coordinates[0],
      lat: geometry.coordinates[1],
      municipality: place.municipality.slug,
      category_id: routed.category_id,
      asset_layer: properties.asset === undefined ? null : routed.asset_layer,
      asset_key: routed.asset_layer === null ? null : (properties.asset ?? null),
      department_id: routed.department_id,
      crew_id: routed.crew_id,
      is_public: routed.is_public,
      due_at: routed.due_at,
      answer_due_at: routed.answer_due_at,
      place,
      district: place.district?.slug ?? null,
      routing: explain(routed.candidates),
      follow_token: randomBytes(18).toString('base64url'),
      closed_at: isClosed(properties.status) ? (properties.resolved_at ?? properties.created_at) : null,
    }
  })
  await sql(trx, 'reports/load_past', { rows: JSON.stringify(rows) })
}
