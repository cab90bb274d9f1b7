// Former features of a layer: which there are, and the way back.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import { demandOpen, lockLayer } from '../change.ts'
import { FieldDefinition, LayerDefinition } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import { putInPlace } from '../place.ts'
import { ImportError } from '../refusal.ts'
import type { Before } from '../replaced.ts'
import { takeTime } from '../staging.ts'
import { StyleRecipe } from '../styling/contract.ts'
import { lockCatalogue } from '../views.ts'
import type { FormerVersion } from './contract.ts'
import { formerTable } from './keep.ts'
import { layerAsBefore } from './definition.ts'

/** What a layer held before, newest first. Throws not-found. */
export async function listFormer(ctx: Context, slug: string): Promise<FormerVersion[]> {
  await getLayer(ctx, slug)
  return sql(ctx.db, 'layers/former', { layer: slug })
}

const Stored = z.looseObject({ retired_fields: z.array(FieldDefinition) })

/** Puts former features in the place of those that are there. Throws not-found, layer-in-use, closed-field, closed-style. */
export async function putFormerBack(ctx: Context, slug: string, id: string): Promise<{ imported: number }> {
  if (!/^\d{1,18}$/.test(id)) throw problem('not-found')
  return ctx.db.transaction(async (trx) => {
    await takeTime(trx)
    await lockCatalogue(trx)
    const layer = await lockLayer(trx, slug)
    const former = await trx('layer_former').where({ id, layer: slug }).first()
    if (!former) throw problem('not-found')
    const then = LayerDefinition.parse(former.definition)
    const thenRetired = Stored.parse(former.definition).retired_fields
    const retired = Stored.parse(layer).retired_fields
    const definition = layerAsBefore(LayerDefinition.parse(layer), retired, then)
    demandOpen(definition, layer.recipe && StyleRecipe.parse(layer.recipe))
    const held = [...then.fields, ...thenRetired]
    const has = ({ name, type }: FieldDefinition) => held.some((field) => field.name === name && field.type === type)
    const fields = definition.fields.filter(has)
    const stillRetired = retired.filter((field) => has(field) && !definition.fields.some(({ name }) => name === field.name)) // prettier-ignore
    const by = ctx.actor?.accountId ?? null
    const imported = await putInPlace(trx, definition, {
      staging: `gis_staging.t${Date.now()}_${randomBytes(6).toString('hex')}`,
      by,
      file: null,
      retired: stillRetired,
      fill: (before) => fill(trx, definition, { table: formerTable(former.table_name), before }, [...fields, ...stillRetired]), // prettier-ignore
    }).catch((error: unknown) => {
      // Only what somebody built on the table stands in the way.
      throw error instanceof ImportError ? problem('layer-in-use') : error
    })
    await audit(ctx, { action: 'layer.put_back', subjectId: slug, detail: { replaced_at: former.replaced_at, imported } }, trx) // prettier-ignore
    return { imported }
  })
}

/**
 * A feature keeps the id that its key has now, else the one that it had, if no other has it now, else it gets a new one. Without a key
 * ids are what they were.
 */
const ID = `COALESCE(b.id, CASE WHEN NOT EXISTS (SELECT FROM ?? AS t WHERE t.id = f.id) THEN f.id END,
                     GREATEST((SELECT max(id) FROM ??), (SELECT max(id) FROM ??)) + f.id)`

async function fill(
  trx: Db,
  { slug, key_field }: LayerDefinition,
  { table, before }: { table: string; before: Before | null },
  fields: FieldDefinition[],
): Promise<void> {
  const names = [...fields.map(({ name }) => name), 'geom']
  const marks = names.map(() => '??').join(', ')
  const kept = before?.key && key_field ? { table: before.table, key: key_field } : null
  await trx.raw(
    `INSERT INTO ?? (id, ${marks})
     SELECT ${kept ? ID : 'f.id'}, ${names.map(() => 'f.??').join(', ')}
       FROM ?? AS f ${kept ? 'LEFT JOIN ?? AS b ON b.key = f.??::text' : ''}
      ORDER BY f.geom, f.id`,
    [
      tableOf(slug),
      ...names,
      ...(kept ? [kept.table, kept.table, table] : []),
      ...names,
      table,
      ...(kept ? [kept.table, kept.key] : []),
    ],
  )
  await trx.raw(`SELECT setval(pg_get_serial_sequence(?, 'id'), GREATEST(1, (SELECT max(id) FROM ??)))`, [
    tableOf(slug),
    tableOf(slug),
  ])
}
