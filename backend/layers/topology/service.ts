// Gaps and overlaps of a layer that must tile: found, and mended by giving the ground to one of the features that it touches.
import type { z } from 'zod'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { dayInAthens } from '../../core/days.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import type { Layer } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import { geometryOf, writing } from '../edit.ts'
import { titlesOf } from '../editing/service.ts'
import { validOn } from '../validity.ts'
import type { assignGround as AssignGround, checkTopology as CheckTopology, TopologyFault } from './contract.ts'

type Wishes = z.output<NonNullable<typeof CheckTopology.query>>
type Assignment = z.output<NonNullable<typeof AssignGround.body>>

/** A tenth of a millimetre on the ground: far above what arithmetic moves a node by, far below what anybody measures. */
const NEAR_DEG = 1e-9

/** 20 000 squares take 4 s, the 326 municipalities of Greece (64 000 corners) 4 s on two cores; more is longer than somebody waits. */
const MOST_FEATURES = 20_000

type Found = TopologyFault & { total: number }

/** Gaps and overlaps, the largest first. Throws not-found, not-polygons, layer-too-large. */
export async function checkTopology(ctx: Context, slug: string, { min_area_m2, within_boundary, limit }: Wishes) {
  const layer = await demandTiles(ctx, slug)
  const given = { table: tableOf(slug), rows: rowsOn(ctx, layer), least_m2: min_area_m2, most: limit }
  const overlaps = await sql<Found>(ctx.db, 'layers/overlaps', given)
  const gaps = await sql<Found>(ctx.db, 'layers/gaps', {
    ...given,
    within_boundary: within_boundary === 'true',
    near_deg: NEAR_DEG,
  })
  const found = [...overlaps, ...gaps].sort((a, b) => b.area_m2 - a.area_m2)
  const named = found.flatMap(({ features }) => features.map(({ id }) => id))
  const titles = await titlesOf(ctx.db, layer, named)
  const faults = found.map(({ total: _, ...fault }) => ({
    ...fault,
    features: fault.features.map((feature) => ({ ...feature, title: titles.get(feature.id) ?? null })),
  }))
  return { faults, gaps: gaps[0]?.total ?? 0, overlaps: overlaps[0]?.total ?? 0 }
}

/** The features, of one day where they are dated: those of this year and of the next lie on the same ground. */
function rowsOn({ db, day }: Context, { slug, is_dated }: Layer) {
  const on = is_dated ? ` WHERE ${validOn('?::date')}` : ''
  const days = is_dated ? Array<string>(2).fill(day ?? dayInAthens()) : []
  return db.raw(`(SELECT id, geom, xmin FROM ??${on})`, [tableOf(slug), ...days])
}

/** Gives ground to `to` and takes it from the others. Throws not-found, changed-meanwhile, not-assignable. */
export async function assignGround(ctx: Context, slug: string, { geometry, to, features }: Assignment) {
  const layer = await demandTiles(ctx, slug)
  const named = new Set(features.map(({ id }) => id))
  if (!named.has(to)) throw problem('not-found')
  let changed: string[] = []
  await writing(ctx, layer, 'topology.assign', async (trx) => {
    await demandVersions(trx, slug, features)
    const piece = await geometryOf(trx, layer, { geometry, srid: 4326 })
    const given = { table: tableOf(slug), rows: rowsOn(ctx, layer), piece, winner: to, near_deg: NEAR_DEG }
    const rows = await sql<Written>(trx, 'layers/assign_ground', given)
    // Somebody has come to the same ground since.
    if (rows.some(({ id, has_lost }) => has_lost && !named.has(id))) throw problem('changed-meanwhile')
    if (rows.some(({ is_empty }) => is_empty)) throw problem('not-assignable')
    changed = rows.map(({ id }) => id)
    return to
  }).catch((error: { code?: string }) => {
    throw error.code === CHECK_VIOLATION ? problem('not-assignable') : error
  })
  return { changed }
}

interface Written {
  id: string
  is_empty: boolean
  has_lost: boolean
}

const CHECK_VIOLATION = '23514'

async function demandTiles(ctx: Context, slug: string): Promise<Layer> {
  const layer = await getLayer(ctx, slug)
  if (layer.geometry_type !== 'Polygon') throw problem('not-polygons')
  if (layer.feature_count > MOST_FEATURES) throw problem('layer-too-large', { values: { most: MOST_FEATURES } })
  return layer
}

/** Locks them, in one order for everybody. */
async function demandVersions(trx: Db, slug: string, features: Assignment['features']): Promise<void> {
  const ids = features.map(({ id }) => id)
  const rows: { id: string; version: string }[] = await trx(tableOf(slug))
    .whereIn('id', ids)
    .orderBy('id')
    .forUpdate()
    .select(trx.raw('id::text, xmin::text AS version'))
  const versions = new Map(rows.map(({ id, version }) => [id, version]))
  if (features.some(({ id, version }) => versions.get(id) !== version)) throw problem('changed-meanwhile')
}
