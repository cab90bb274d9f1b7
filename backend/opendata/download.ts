import { Readable } from 'node:stream'
import type { Context } from '../core/http/context.ts'
import type { Collection } from './collections.ts'
import { everything, type FeatureQuery, readPage } from './features.ts'

const PAGE_FEATURES = 1000

/** A collection as an RFC 7946 FeatureCollection, page by page: never the whole of it in memory, no long transaction. */
export function geoJsonStream(ctx: Context, collection: Collection): Readable {
  return Readable.from(chunks(ctx, collection), { objectMode: false })
}

async function* chunks(ctx: Context, collection: Collection): AsyncGenerator<string> {
  yield `{"type":"FeatureCollection","name":${JSON.stringify(collection.slug)},"features":[`
  let query: FeatureQuery = everything(collection, PAGE_FEATURES)
  let separator = '\n'
  for (;;) {
    const { features, next } = await readPage(ctx, collection, query)
    if (features !== null) yield separator + features
    separator = ',\n'
    if (next === null) break
    query = { ...query, after: next }
  }
  yield '\n]}\n'
}
