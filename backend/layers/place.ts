// A new table of features in the place of a layer's old one: catalogue, rights, views, history and list of changes follow.
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { FieldDefinition, LayerDefinition } from './contract.ts'
import { createTable, dropTable, finishTable, grantAgain, grantsOn, tableOf } from './ddl.ts'
import { keepFormer, type Replacement } from './former/keep.ts'
import { ImportError } from './refusal.ts'
import { type Before, carryRetired, noteDifferences, noteReplacement, remember } from './replaced.ts'
import { rebuildViews } from './views.ts'

interface Placing extends Replacement {
  /** Name of a staging table, for what is remembered beside it. */
  staging: string
  /** Retired fields whose values come with the features. */
  retired?: FieldDefinition[]
  /** Puts the features into the new table. */
  fill: (before: Before | null) => Promise<void>
}

/** Makes the layer's table anew, in the caller's transaction; what it held is kept. Returns the number of features. Throws ImportError. */
export async function putInPlace(trx: Db, definition: LayerDefinition, placing: Placing): Promise<number> {
  const { slug, fields } = definition
  const { staging, by, retired = [] } = placing
  const grants = await grantsOn(trx, slug)
  await keepFormer(trx, slug, placing)
  const before = await remember(trx, staging, definition)
  await makeRoom(trx, slug)
  await writeCatalogueRow(trx, definition, before?.retired ?? [])
  await createTable(trx, { ...definition, fields: [...fields, ...retired] })
  await placing.fill(before)
  if (before) {
    const carried = before.retired.filter(({ name }) => !retired.some((field) => field.name === name))
    await carryRetired(trx, definition, { ...before, retired: carried })
    await noteDifferences(trx, definition, before)
    await noteReplacement(trx, definition, before, by)
  }
  await finishTable(trx, definition)
  await grantAgain(trx, { ...definition, fields: [...fields, ...(before?.retired ?? [])] }, grants)
  const imported = await measure(trx, slug)
  await rebuildViews(trx)
  await emit(trx, { type: 'layer.imported', subjectId: slug, payload: { imported } })
  return imported
}

async function makeRoom(trx: Db, slug: string): Promise<void> {
  try {
    await dropTable(trx, slug)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== '2BP01') throw error
    throw new ImportError('stood-upon', { slug })
  }
}

async function writeCatalogueRow(
  trx: Db,
  definition: LayerDefinition,
  retired_fields: FieldDefinition[],
): Promise<void> {
  const row = Object.fromEntries(
    Object.entries({ ...definition, retired_fields }).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  )
  await trx('layer')
    .insert(row)
    .onConflict('slug')
    .merge({
      ...row,
      revision: trx.raw('layer.revision + 1'),
      updated_at: trx.fn.now(),
      // Another style was not made of it.
      recipe: trx.raw('CASE WHEN layer.style = EXCLUDED.style THEN layer.recipe END'),
    })
}

async function measure(trx: Db, slug: string): Promise<number> {
  const { rows } = await trx.raw(
    `UPDATE layer
        SET feature_count = m.count,
            bbox = CASE WHEN m.box IS NOT NULL THEN ARRAY[ST_XMin(m.box), ST_YMin(m.box), ST_XMax(m.box), ST_YMax(m.box)] END
       FROM (SELECT count(*)::int AS count, ST_Extent(geom) AS box FROM ??) AS m
      WHERE slug = ?
     RETURNING feature_count`,
    [tableOf(slug), slug],
  )
  return rows[0].feature_count
}
