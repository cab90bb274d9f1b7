// Reads features for editing. What is written goes through edit.ts, whoever writes.
import type { z } from 'zod'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import type { Layer } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import { propertiesOf, titleOf } from '../views.ts'
import type { EditableFeature, listFeatures as api } from './contract.ts'

type Wishes = z.output<NonNullable<typeof api.query>>

/** A page of features, by id. Throws not-found. */
export async function listFeatures(ctx: Context, slug: string, { bbox, q, cursor, limit }: Wishes) {
  const layer = await getLayer(ctx, slug)
  const rows = await read(ctx.db, layer, { bbox, q, after: cursor ?? '0', most: limit + 1 })
  const features = rows.slice(0, limit)
  return { features, next: rows.length > limit ? features.at(-1)!.id : null }
}

/** One feature. Throws not-found. */
export async function getFeature(ctx: Context, slug: string, id: string): Promise<EditableFeature> {
  const [feature] = await read(ctx.db, await getLayer(ctx, slug), { id, after: '0', most: 1 })
  if (!feature) throw problem('not-found')
  return feature
}

/** What people call these features, by id. */
export async function titlesOf(db: Db, layer: Layer, ids: string[]): Promise<Map<string, EditableFeature['title']>> {
  if (ids.length === 0) return new Map()
  const title = titleOf(layer)
  const { rows } = await db.raw(`SELECT id::text, ${title.text} AS title FROM ?? WHERE id = ANY (?::bigint[])`, [
    ...title.names,
    tableOf(layer.slug),
    ids,
  ])
  return new Map(rows.map(({ id, title }: Pick<EditableFeature, 'id' | 'title'>) => [id, title]))
}

interface Which {
  bbox?: number[] | undefined
  id?: string
  q?: string | undefined
  after: string
  most: number
}

// Fifteen decimals name every double beyond four degrees: what is read and written back is the same coordinate.
async function read(db: Db, layer: Layer, { bbox, id, q, after, most }: Which): Promise<EditableFeature[]> {
  const title = titleOf(layer)
  const properties = propertiesOf(layer)
  const query = db(tableOf(layer.slug))
    .select(
      db.raw('id::text, xmin::text AS version'),
      db.raw(`${title.text} AS title`, title.names),
      db.raw(`${properties.text} AS properties`, properties.names),
      db.raw('ST_AsGeoJSON(geom, 15)::json AS geometry'),
    )
    .where('id', '>', after)
    .orderBy('id')
    .limit(most)
  if (id) query.where({ id })
  if (bbox) query.whereRaw('geom && ST_MakeEnvelope(?, ?, ?, ?, 4326)', bbox)
  if (q)
    query.whereRaw(
      `id IN (SELECT s.id FROM searchable AS s WHERE s.layer = ? AND s.key LIKE '%' || replace(search_key(?), '%', '') || '%')`,
      [layer.slug, q],
    )
  return query
}
