// Datasets as they were on a day. Reports have no versions: what somebody takes back must not live on in old files.
import type { Db } from '../../core/db/connect.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { Collection } from '../collections.ts'

export interface Version {
  collection: string
  /** Day in Greece, YYYY-MM-DD. */
  made_on: string
  extension: 'geojson' | 'gpkg'
  feature_count: number
  /** Name in the storage. */
  file: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
  created_at: string
}

const DAY = `to_char(made_on, 'YYYY-MM-DD') AS made_on`

export const nameOf = ({ made_on, extension }: Pick<Version, 'made_on' | 'extension'>): string =>
  `${made_on}.${extension}`

/** Versions of a dataset, the newest first. Those with a field that is not public any more are not among them. */
export const listVersions = (ctx: Context, collection: Collection): Promise<Version[]> =>
  reading(ctx, (db) => versions(db, collection).orderBy('made_on', 'desc').orderBy('extension').limit(1000))

/** The newest versions of every dataset. */
export async function newestVersions(ctx: Context, collections: readonly Collection[]): Promise<Version[]> {
  const rows = await reading(ctx, (db) =>
    db('dataset_version')
      .distinctOn('collection', 'extension')
      .select<(Version & { fields: string[] })[]>('collection', db.raw(DAY), 'extension', 'feature_count', 'file', 'sha256', 'created_at', 'fields')
      .select(db.raw('bytes::float8 AS bytes'))
      .orderBy(['collection', 'extension', { column: 'dataset_version.made_on', order: 'desc' }]),
  )
  const open = new Map(collections.map(({ slug, fields }) => [slug, new Set(fields.map(({ name }) => name))]))
  return rows.filter(({ collection, fields }) => fields.every((name: string) => open.get(collection)?.has(name)))
} // prettier-ignore

/** One version by the name of its file. Throws not-found. */
export async function getVersion(ctx: Context, collection: Collection, name: string): Promise<Version> {
  const [, day = '', extension = ''] = /^(\d{4}-\d{2}-\d{2})\.(geojson|gpkg)$/.exec(name) ?? []
  if (!day || Number.isNaN(Date.parse(day))) throw problem('not-found')
  const version = await reading(ctx, (db) => versions(db, collection).where({ made_on: day, extension }).first())
  if (!version) throw problem('not-found')
  return version
}

function versions(db: Db, { slug, fields }: Collection) {
  return db('dataset_version')
    .select<Version[]>('collection', db.raw(DAY), 'extension', 'feature_count', 'file', 'sha256', 'created_at')
    .select(db.raw('bytes::float8 AS bytes'))
    .where({ collection: slug })
    .whereRaw('fields <@ ?::text[]', [fields.map(({ name }) => name)])
}
