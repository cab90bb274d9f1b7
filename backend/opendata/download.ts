import { Readable } from 'node:stream'
import type { Dataset } from './datasets.ts'

const PAGE_FEATURES = 1000

/** A dataset as an RFC 7946 FeatureCollection, page by page: never the whole of it in memory, no long transaction. */
export function geoJsonStream(dataset: Dataset): Readable {
  return Readable.from(chunks(dataset), { objectMode: false })
}

async function* chunks(dataset: Dataset): AsyncGenerator<string> {
  yield `{"type":"FeatureCollection","name":${JSON.stringify(dataset.slug)},"features":[`
  let after: string | null = null
  let separator = '\n'
  for (;;) {
    const { features, count, last } = await dataset.page(after, PAGE_FEATURES)
    if (features !== null) yield separator + features
    separator = ',\n'
    if (count < PAGE_FEATURES) break
    after = last
  }
  yield '\n]}\n'
}
