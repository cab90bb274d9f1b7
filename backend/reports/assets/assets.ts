import type { Knex } from 'knex'
import type { z } from 'zod'
import type { Named } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { ReportAsset } from '../contract.ts'
import type { AssetNear, nearAssets as endpoint } from './contract.ts'

/** Farther away it is another corner of the street. */
const LOOK_M = 60
const MOST = 8

interface AssetCategory {
  snap_m: number
  layer: Named | null
}

/** Things around a point: lon, lat in degrees (EPSG:4326). Throws unknown-category. */
export async function nearAssets(
  ctx: Context,
  { category, question, lon, lat }: z.output<NonNullable<(typeof endpoint)['query']>>,
) {
  const found = await assetCategory(ctx.db, category, question)
  if (!found) throw problem('unknown-category', { values: { category }, path: 'category' })
  const { layer, snap_m } = found
  const parameters = { layer: layer?.slug, lon, lat, within_m: Math.max(LOOK_M, snap_m), most: MOST }
  return { layer, snap_m, assets: layer ? await sql<AssetNear>(ctx.db, 'reports/assets_near', parameters) : [] }
}

// A layer that is not public, or that is gone, is as if none was said.
const assetCategory = (db: Db, slug: string, question?: string): Promise<AssetCategory | undefined> =>
  db('category as c')
    .leftJoin('category_form as f', 'f.id', 'c.form_id')
    .joinRaw(
      `LEFT JOIN layer AS l ON l.visibility = 'public' AND l.slug = CASE WHEN ?::text IS NULL THEN c.asset_layer ELSE ${ASKED_LAYER} END`,
      [question ?? null, question ?? null],
    )
    .where({ 'c.slug': slug })
    .first(
      'c.asset_snap_m as snap_m',
      db.raw(`CASE WHEN l.slug IS NOT NULL THEN jsonb_build_object('slug', l.slug, 'title', l.title) END AS layer`),
    )

const ASKED_LAYER = `(SELECT q->>'layer' FROM jsonb_array_elements(f.questions) AS q WHERE q->>'code' = ?::text)`

interface About {
  asset_layer: string | null
  asset_snap_m: number
}

/** Throws unknown-asset unless the thing is where the report is: [lon, lat] in degrees (EPSG:4326). */
export async function demandAsset(
  db: Db,
  { asset_layer: layer, asset_snap_m: within_m }: About,
  key: string,
  [lon, lat]: readonly [number, number],
): Promise<void> {
  const found = layer === null ? [] : await sql(db, 'reports/asset_at', { layer, key, lon, lat, within_m })
  if (found.length === 0) throw problem('unknown-asset', { path: 'asset' })
}

/** What a report is about; seen: which other reports, `r`, the reader sees beside the public ones. */
export async function assetOf(db: Db, id: string, seen: Knex.Raw = db.raw('false')): Promise<ReportAsset | null> {
  const [asset] = await sql<ReportAsset>(db, 'reports/asset_of', { id, seen })
  return asset ?? null
}

/** Throws no-assets for what is no layer that reports may be about. */
export async function demandAssetLayer(db: Db, slug: string): Promise<void> {
  if ((await assetLayersAmong(db, [slug])).length === 0) throw problem('no-assets', { path: 'asset_layer' })
}

/** Of these layers those that reports and answers may be about: public, with a key that stays. */
export async function assetLayersAmong(db: Db, slugs: readonly string[]): Promise<string[]> {
  const rows: { slug: string }[] = await db('layer')
    .whereIn('slug', slugs)
    .where('visibility', 'public')
    .whereNotNull('key_field')
    .whereNotIn('role', NOT_READ)
    .select('slug')
  return rows.map(({ slug }) => slug)
}

/** Roles whose features are not in the view `feature`: layers/views.ts. */
const NOT_READ = ['boundary', 'municipal_unit', 'district', 'crew_area', 'basemap']
