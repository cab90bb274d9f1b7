// The catalogue of what can be reported, changed without a developer: everything else follows from these rows.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { type AreaRef, areasAskedFor, type Form, type Stop } from '../forms/contract.ts'
import type { addCategory as addEndpoint, changeCategory as changeEndpoint, StaffCategory } from './contract.ts'
import { assetLayersAmong, demandAssetLayer } from '../assets/assets.ts'
import { rebuildView } from './dataset.ts'
import { listStaffCategories } from './read.ts'

type Added = z.output<NonNullable<(typeof addEndpoint)['body']>>
type Change = z.output<NonNullable<(typeof changeEndpoint)['body']>>

/** Adds a group or a category, at the end of its list. Throws category-exists, unknown-category, unknown-department. */
export function addCategory(ctx: Context, added: Added): Promise<StaffCategory> {
  return ctx.db.transaction(async (trx) => {
    const row = { working_days: DEFAULT_WORKING_DAYS, ...(await rowOf(trx, added)), slug: added.slug }
    await demandFit(trx, added)
    const inserted = await trx('category').insert(row).onConflict('slug').ignore().returning('id')
    if (inserted.length === 0) throw problem('category-exists', { path: 'slug' })
    await audit(ctx, { action: 'category.add', subjectId: added.slug, detail: { ...added } }, trx)
    return one(trx, added.slug)
  })
}

/** Two weeks: what is promised until somebody says otherwise. */
const DEFAULT_WORKING_DAYS = 10

/** Changes a category, retires it or puts it back. Throws not-found, unknown-category, unknown-department. */
export function changeCategory(ctx: Context, slug: string, { is_retired, ...change }: Change): Promise<StaffCategory> {
  return ctx.db.transaction(async (trx) => {
    const before = await lock(trx, slug)
    // Groups hold categories and categories hold reports: neither becomes the other.
    if (change.parent !== undefined && (change.parent === null) !== (before.parent_id === null))
      throw problem('unknown-category', { values: { category: change.parent ?? '—' }, path: 'parent' })
    const row: Record<string, unknown> = await rowOf(trx, change)
    if (is_retired !== undefined && is_retired !== (before.retired_at !== null))
      row['retired_at'] = is_retired ? trx.fn.now() : null
    await demandFit(trx, { ...before, ...change })
    if (Object.keys(row).length > 0) await trx('category').where({ slug }).update(row)
    await audit(ctx, { action: 'category.change', subjectId: slug, detail: { ...change, is_retired } }, trx)
    return one(trx, slug)
  })
}

async function lock(trx: Db, slug: string) {
  const row = await trx('category')
    .where({ slug })
    .forUpdate()
    .first('id', 'parent_id', 'retired_at', 'form_id', 'geometries', 'asset_layer', 'kind', 'pet_side')
  if (!row) throw problem('not-found')
  return row as Locked
}

interface Locked extends Pick<StaffCategory, 'geometries' | 'asset_layer' | 'kind' | 'pet_side'> {
  id: string
  parent_id: string | null
  retired_at: Date | null
  form_id: string | null
}

type Fitted = Pick<Change, 'asset_layer' | 'geometries' | 'kind' | 'pet_side'>

/**
 * Throws no-assets for what is no such layer, drawn-asset for things that would be lines or areas: each is at one place, and bad-parameter
 * for what is lost or found without being a pet.
 */
async function demandFit(trx: Db, { asset_layer, geometries, kind, pet_side }: Fitted) {
  if (pet_side && kind !== 'pet') throw badParameter('pet_side', 'category.side_of_pets')
  if (!asset_layer) return
  await demandAssetLayer(trx, asset_layer)
  if (geometries && geometries.join() !== 'point') throw problem('drawn-asset', { path: 'geometries' })
}

async function one(trx: Db, slug: string): Promise<StaffCategory> {
  const [found] = await listStaffCategories(trx, slug)
  if (!found) throw problem('not-found')
  return found
}

/** Columns of what is given: a change may leave out anything. */
async function rowOf(trx: Db, { title, description, parent, department, ...plain }: Change & { slug?: string }) {
  return {
    ...plain,
    ...(title && { title: JSON.stringify(title) }),
    ...(description && { description: JSON.stringify(description) }),
    ...(parent !== undefined && { parent_id: await groupId(trx, parent) }),
    ...(department !== undefined && { department_id: await departmentId(trx, department) }),
  }
}

async function groupId(trx: Db, slug: string | null): Promise<string | null> {
  if (slug === null) return null
  const group = await trx('category').where({ slug, parent_id: null }).first('id')
  if (!group) throw problem('unknown-category', { values: { category: slug }, path: 'parent' })
  return group.id
}

async function departmentId(trx: Db, slug: string | null): Promise<string | null> {
  if (slug === null) return null
  const department = await trx('department').where({ slug }).first('id')
  if (!department) throw problem('unknown-department', { path: 'department' })
  return department.id
}

/** Puts categories in this order. Those that are not named come after them, as before. Throws unknown-category. */
export function orderCategories(ctx: Context, slugs: string[]): Promise<StaffCategory[]> {
  return ctx.db.transaction(async (trx) => {
    const changed = await trx('category')
      .whereIn('slug', slugs)
      .update({ rank: trx.raw('array_position(?::text[], slug)', [slugs]) })
    if (changed !== new Set(slugs).size) throw problem('unknown-category', { values: { category: '' }, path: 'slugs' })
    await audit(ctx, { action: 'category.order', detail: { slugs } }, trx)
    return listStaffCategories(trx)
  })
}

/** Asks these questions from now on. Throws not-found, and stale-version where somebody else was faster. */
export function publishForm(ctx: Context, slug: string, seen: number, form: Form): Promise<StaffCategory> {
  return ctx.db.transaction(async (trx) => {
    const category = await lock(trx, slug)
    const current = await one(trx, slug)
    if (!category.parent_id) throw problem('not-found')
    if (current.form_version !== seen) throw problem('stale-version', { extra: { current, yours: form } })
    await demandAreas(trx, form)
    await demandLayers(trx, form)
    await insertForm(trx, category.id, form, ctx.actor?.accountId ?? null)
    const detail = { version: seen + 1, questions: form.questions.length, stops: form.stops.length }
    await audit(ctx, { action: 'category.form', subjectId: slug, detail }, trx)
    return one(trx, slug)
  })
}

/** Throws bad-parameter for a stop in an area that is not there. */
async function demandAreas(trx: Db, { stops }: Form): Promise<void> {
  const named = stops.flatMap(({ area }) => (area ? [[area.layer, area.slug]] : []))
  if (named.length === 0) return
  const there: AreaRef[] = await trx('area').whereIn(['layer', 'slug'], named).select('layer', 'slug')
  const missing = stops.findIndex(
    ({ area }) => area && areasAskedFor({ stops: [{ area } as Stop] }, there).length === 0,
  )
  if (missing >= 0) throw badParameter(`stops.${missing}.area`, 'stop.no_area')
}

/** Throws bad-parameter for a question about a layer that is none to choose from. */
async function demandLayers(trx: Db, { questions }: Form): Promise<void> {
  const named = questions.flatMap(({ layer }) => layer ?? [])
  if (named.length === 0) return
  const there = await assetLayersAmong(trx, named)
  const missing = questions.findIndex(({ layer }) => layer !== null && !there.includes(layer))
  if (missing >= 0) throw badParameter(`questions.${missing}.layer`, 'problem.no-assets.detail')
}

/** The next version of what a category asks, from now on. */
export async function insertForm(trx: Db, categoryId: string, form: Form, actorId: string | null): Promise<void> {
  const [{ id }] = await trx('category_form')
    .insert({
      category_id: categoryId,
      version: trx.raw('(SELECT COALESCE(max(version), 0) + 1 FROM category_form WHERE category_id = ?)', [categoryId]),
      questions: JSON.stringify(form.questions),
      stops: JSON.stringify(form.stops),
      created_by: actorId,
    })
    .returning('id')
  await trx('category').where({ id: categoryId }).update({ form_id: id })
  await rebuildView(trx, categoryId)
}
