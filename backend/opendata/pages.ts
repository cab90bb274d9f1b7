// Pages of layers in memory: who copies a collection page by page, or looks again, asks for what others asked for.
import { Cache } from '../core/cache.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import type { Collection } from './collections.ts'
import {
  BETWEEN,
  countFeatures,
  type FeatureQuery,
  type Fragment,
  type Page,
  pageStatement,
  readPage,
} from './features.ts'

const CACHE_BYTES = 32 * 1024 * 1024
const COUNTS_BYTES = 1024 * 1024

/** A page whose features are bytes, as they leave; what stands between pieces is in them. */
type KeptPage = Omit<Page, 'features'> & { features: readonly Buffer[] }

interface Kept {
  pages: Cache<KeptPage>
  counts: Cache<number>
}

/** One a municipality: layers of two may have the same name. */
const caches = new WeakMap<Db, Kept>()

function cachesOf({ db }: Context): Kept {
  const kept = caches.get(db) ?? {
    pages: new Cache<KeptPage>(CACHE_BYTES, ({ features }) => features.reduce((sum, piece) => sum + piece.length, 0)),
    counts: new Cache<number>(COUNTS_BYTES, () => 0),
  }
  caches.set(db, kept)
  return kept
}

/**
 * One page, of memory while the layer has not changed: its revision moves with every statement that changes it, and is read
 * before the page, so that a page is never older than the version it is kept under. A view has no revision, and is not kept.
 */
export async function keptPage(ctx: Context, collection: Collection, query: FeatureQuery): Promise<KeptPage> {
  const statement = pageStatement(collection, query)
  const make = async () => {
    const page = await readPage(ctx, collection, query, statement)
    return { ...page, features: page.features.map((text, n) => Buffer.from((n > 0 ? BETWEEN : '') + text)) }
  }
  if (!collection.layer) return make()
  return cachesOf(ctx).pages.get(JSON.stringify([collection.version, statement]), make)
}

/** How many features the conditions leave, counted once for all pages of an answer. */
export async function keptCount(ctx: Context, collection: Collection, where: readonly Fragment[]): Promise<number> {
  const make = () => countFeatures(ctx, collection, where)
  if (!collection.layer || where.length === 0) return make()
  return cachesOf(ctx).counts.get(JSON.stringify([collection.slug, collection.version, where]), make)
}
