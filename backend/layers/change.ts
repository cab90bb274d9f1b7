// What a layer is called, who may see it and where it comes from, changed while it is in use; and its end.
import type { z } from 'zod'
import { audit } from '../core/audit.ts'
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { getLayer } from './catalogue.ts'
import { type changeLayer as api, type Layer, LayerDefinition } from './contract.ts'
import { dropTable } from './ddl.ts'
import { dropFormer } from './former/keep.ts'
import { StyleRecipe } from './styling/contract.ts'
import { fieldsOf } from './styling/fits.ts'
import { lockCatalogue, rebuildViews } from './views.ts'

type Change = z.output<NonNullable<typeof api.body>>

/** Changes what is named. Throws not-found, and closed-field when key or titles of a public layer would leave closed fields. */
export async function changeLayer(ctx: Context, slug: string, change: Change): Promise<Layer> {
  await ctx.db.transaction(async (trx) => {
    const row = await lockLayer(trx, slug)
    demandOpen({ ...LayerDefinition.parse(row), ...change }, row.recipe && StyleRecipe.parse(row.recipe))
    if (Object.keys(change).length > 0) await trx('layer').where({ slug }).update(asColumns(change))
    await audit(ctx, { action: 'layer.change', subjectId: slug, detail: { changed: Object.keys(change) } }, trx)
    await emit(trx, { type: 'layer.changed', subjectId: slug, payload: {} })
  })
  return getLayer(ctx, slug)
}

/** Deletes a layer with its features. Throws not-found, and layer-in-use for the boundary, and while rules, grants or views stand on it. */
export async function deleteLayer(ctx: Context, slug: string): Promise<void> {
  await ctx.db.transaction(async (trx) => {
    await lockCatalogue(trx)
    const { role } = await lockLayer(trx, slug)
    // Without it no report can be taken.
    if (role === 'boundary') throw problem('layer-in-use')
    for (const table of ['routing_rule', 'role_grant'])
      if (await trx(table).where({ area_layer: slug }).first('id')) throw problem('layer-in-use')
    await trx('layer').where({ slug }).delete()
    await trx('feature_change').where({ layer: slug }).delete()
    await dropFormer(trx, slug)
    await dropTable(trx, slug).catch((error: { code?: string }) => {
      throw error.code === STOOD_UPON ? problem('layer-in-use') : error
    })
    await rebuildViews(trx)
    await audit(ctx, { action: 'layer.delete', subjectId: slug }, trx)
    await emit(trx, { type: 'layer.changed', subjectId: slug, payload: {} })
  })
}

const STOOD_UPON = '2BP01'

export async function lockLayer(trx: Db, slug: string) {
  const row = await trx('layer').where({ slug }).forUpdate().first()
  if (!row) throw problem('not-found')
  return row
}

/** Keys and titles of a public layer leave through search, "what is here" and routing; what it is drawn by, in tiles and legend. */
export function demandOpen(
  { visibility, key_field, title_fields, fields }: LayerDefinition,
  recipe: StyleRecipe | null,
): void {
  if (visibility !== 'public') return
  const drawn = new Set(recipe ? fieldsOf(recipe).map(([, name]) => name) : [])
  const hidden = fields.find(({ name, is_public }) => drawn.has(name) && !is_public)
  if (hidden) throw problem('closed-style', { path: 'visibility', values: { field: hidden.name } })
  const told = new Set([key_field, title_fields?.el, title_fields?.en])
  const closed = fields.find(({ name, is_public }) => told.has(name) && !is_public)
  if (closed) throw problem('closed-field', { path: 'visibility', values: { field: closed.name } })
}

const asColumns = (change: Change) =>
  Object.fromEntries(
    Object.entries(change).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  )
