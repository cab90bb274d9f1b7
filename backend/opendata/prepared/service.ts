// Large downloads that are made ready first: then they have a size, a digest, and can be gone on with where they broke off.
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { type Collection, getCollection } from '../collections.ts'
import type { Download } from '../downloads/download.ts'
import { countFeatures } from '../features.ts'
import type { Format } from '../formats.ts'
import { prepareJob } from './jobs.ts'
import { type Prepared, readPrepared } from './row.ts'

/** Who asks for more at a time waits. */
const MOST_WAITING = 20

/** Has a download prepared, once for all who ask the same of the same content. `content` tells these apart. Returns its id. Throws busy. */
export async function prepare(
  ctx: Context,
  { collection, query, language }: Download,
  { extension }: Format,
  { content, asked }: { content: string; asked: Record<string, unknown> },
): Promise<string> {
  const known = await ctx.db('prepared_download').where({ content }).whereNot({ state: 'failed' }).first('id')
  if (known) return known.id
  const feature_count = await countFeatures(ctx, collection, query.where)
  return ctx.db.transaction(async (trx) => {
    const [waiting] = await trx('prepared_download').where({ state: 'waiting' }).count<{ count: string }[]>()
    if (Number(waiting?.count) >= MOST_WAITING) throw problem('busy')
    const fields = query.fields.map(({ name }) => name)
    const [row] = await trx('prepared_download')
      .insert({ collection: collection.slug, extension, query: JSON.stringify(asked), language, content, fields, feature_count })
      .onConflict('content')
      .merge({ state: 'waiting', features_done: 0, created_at: trx.fn.now() })
      .returning('id')
    await ctx.jobs.send(trx, prepareJob, { id: row.id })
    return row.id
  })
} // prettier-ignore

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** How far a download is. Throws not-found, also when what is in it has been closed meanwhile. */
export async function getPrepared(ctx: Context, id: string): Promise<Prepared & { dataset: Collection }> {
  if (!UUID.test(id)) throw problem('not-found')
  const row = await readPrepared(ctx.db, id)
  if (!row) throw problem('not-found')
  const dataset = await getCollection(ctx, row.collection)
  const open = new Set(dataset.fields.map(({ name }) => name))
  if (!row.fields.every((name) => open.has(name))) throw problem('not-found')
  return { ...row, dataset }
}
