// The history of features, as the triggers of the tables have written it; and the way back.
import type { z } from 'zod'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import { tableOf } from '../ddl.ts'
import { writing } from '../edit.ts'
import type { FeatureChange, listHistory as api } from './contract.ts'

type Wishes = z.output<NonNullable<typeof api.query>>

const NEWEST = '9223372036854775807'

/** A page of what was done. Throws not-found. */
export async function listHistory(ctx: Context, slug: string, { feature, cursor, limit }: Wishes) {
  await getLayer(ctx, slug)
  const rows = await sql<FeatureChange>(ctx.db, 'layers/history', {
    layer: slug,
    table: tableOf(slug),
    feature: feature ?? null,
    older: cursor ?? NEWEST,
    most: limit + 1,
  })
  const entries = rows.slice(0, limit)
  return { entries, next: rows.length > limit ? entries.at(-1)!.id : null }
}

/** Makes a feature what it was before a change, as one more change. Throws not-found, nothing-before, key-taken. */
export async function putBack(ctx: Context, slug: string, id: string): Promise<{ feature: string }> {
  const layer = await getLayer(ctx, slug)
  const change = /^\d{1,18}$/.test(id) && (await ctx.db('feature_change').where({ id, layer: slug }).first())
  if (!change) throw problem('not-found')
  const renewed = await ctx.db('feature_change').where({ layer: slug, action: 'renew' }).max('id as id').first()
  if (!change.before || Number(renewed?.['id'] ?? 0) > Number(id)) throw problem('nothing-before')
  // What has become a field since keeps its value; what is retired is put back as well.
  const { retired_fields } = await ctx.db('layer').where({ slug }).first('retired_fields')
  const columns = [...layer.fields, ...(retired_fields as { name: string }[])]
    .map(({ name }) => name)
    .filter((name) => name in change.before)
  const feature = await writing(ctx, layer, 'feature.put_back', async (trx) => {
    const table = tableOf(slug)
    const names = [...columns, 'geom']
    const marks = names.map(() => '??').join(', ')
    await trx.raw(
      `INSERT INTO ?? (id, ${marks})
       SELECT c.feature_id, ${columns.map(() => 'r.??, ').join('')}ST_GeomFromEWKB(c.shape)
         FROM feature_change AS c, LATERAL jsonb_populate_record(NULL::??, c.before) AS r
        WHERE c.id = ?
           ON CONFLICT (id) DO UPDATE SET ${names.map(() => '?? = EXCLUDED.??').join(', ')}`,
      [table, ...names, ...columns, table, id, ...names.flatMap((name) => [name, name])],
    )
    return String(change.feature_id)
  })
  return { feature }
}
