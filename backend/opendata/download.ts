import { Readable } from 'node:stream'
import type { Dataset } from './datasets.ts'

const PAGE_ROWS = 1000

/** A dataset as an RFC 7946 FeatureCollection, page by page: never the whole of it in memory, no long transaction. */
export function geoJsonStream(dataset: Dataset): Readable {
  return Readable.from(chunks(dataset), { objectMode: false })
}

async function* chunks(dataset: Dataset): AsyncGenerator<string> {
  yield `{"type":"FeatureCollection","name":${JSON.stringify(dataset.slug)},"features":[`
  let after: string | null = null
  let separator = '\n'
  for (;;) {
    const rows = await dataset.page(after, PAGE_ROWS)
    if (rows.length > 0) yield separator + rows.map(({ feature }) => feature).join(',\n')
    separator = ',\n'
    const last = rows.at(-1)
    if (!last || rows.length < PAGE_ROWS) break
    after = last.id
  }
  yield '\n]}\n'
}
