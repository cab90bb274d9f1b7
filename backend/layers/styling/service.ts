// The style of a layer, chosen by its people.
import { audit } from '../../core/audit.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import type { Layer } from '../contract.ts'
import { compile } from './compile.ts'
import { type Look, StyleRecipe } from './contract.ts'
import { demandFitting } from './fits.ts'
import { palettes } from './palettes.ts'
import { styleFault } from './valid.ts'

/** The recipe of a layer, and what there is to choose from. Throws not-found. */
export async function getRecipe({ db }: Context, slug: string) {
  const row = await db('layer').where({ slug }).first('recipe')
  if (!row) throw problem('not-found')
  return { recipe: row.recipe && StyleRecipe.parse(row.recipe), palettes }
}

/** Style and legend that a recipe makes. Throws not-found, wrong-field, closed-style, wrong-style. */
export async function previewStyle(ctx: Context, slug: string, recipe: StyleRecipe): Promise<Look> {
  return lookOf(await getLayer(ctx, slug), recipe)
}

function lookOf(layer: Layer, recipe: StyleRecipe): Look {
  demandFitting(layer, recipe)
  const look = compile(layer, recipe)
  const fault = styleFault(layer.slug, look.style)
  if (fault) throw problem('wrong-style', { values: { reason: fault } })
  return look
}

/** Stores what a recipe makes, and the recipe. Throws as previewStyle does. */
export async function saveStyle(ctx: Context, slug: string, recipe: StyleRecipe): Promise<Layer> {
  await ctx.db.transaction(async (trx) => {
    // Fields and visibility stay what they are until this is stored.
    if (!(await trx('layer').where({ slug }).forUpdate().first('slug'))) throw problem('not-found')
    const { style, legend } = lookOf(await getLayer({ ...ctx, db: trx, reads: trx }, slug), recipe)
    await trx('layer')
      .where({ slug })
      .update({ style: JSON.stringify(style), legend: JSON.stringify(legend), recipe: JSON.stringify(recipe) })
    await audit(ctx, { action: 'layer.style', subjectId: slug, detail: { kind: recipe.kind } }, trx)
    await emit(trx, { type: 'layer.changed', subjectId: slug, payload: {} })
  })
  return getLayer(ctx, slug)
}
