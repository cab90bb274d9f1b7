// What a layer held before all of it is replaced, kept in a table of its own: a copy, so that no right, trigger or view comes along.
import { randomBytes } from 'node:crypto'
import type { Db } from '../../core/db/connect.ts'
import type { FieldDefinition } from '../contract.ts'
import { tableOf } from '../ddl.ts'

/** Who replaces the features of a layer, and by what. */
export interface Replacement {
  /** Account; null: the command line. */
  by: string | null
  /** Name of the file; null: former features are put back. */
  file: string | null
}

export const formerTable = (name: string): string => `gis_former.${name}`

/** Copies the features of a layer, if there is such a layer, and holds up who would write to it until the transaction ends. */
export async function keepFormer(trx: Db, slug: string, { by, file }: Replacement): Promise<void> {
  const layer = await trx('layer').where({ slug }).first()
  if (!layer) return
  // What is written meanwhile would be in neither.
  await trx.raw('LOCK TABLE ?? IN EXCLUSIVE MODE', [tableOf(slug)])
  const columns = [...(layer.fields as FieldDefinition[]), ...(layer.retired_fields as FieldDefinition[])]
  const names = ['id', ...columns.map(({ name }) => name), 'geom']
  const table_name = `t${Date.now()}_${randomBytes(6).toString('hex')}`
  await trx.raw(`CREATE TABLE ?? AS SELECT ${names.map(() => '??').join(', ')} FROM ??`, [
    formerTable(table_name),
    ...names,
    tableOf(slug),
  ])
  await trx.raw(
    `INSERT INTO layer_former (layer, table_name, definition, feature_count, account_id, db_role, file_name)
     SELECT slug, ?, to_jsonb(layer), (SELECT count(*)::int FROM ??), ?::bigint, CASE WHEN ?::bigint IS NULL THEN session_user END, ?
       FROM layer WHERE slug = ?`,
    [table_name, formerTable(table_name), by, by, file, slug],
  )
}

/** Drops what was kept of a layer that is deleted. */
export async function dropFormer(trx: Db, slug: string): Promise<void> {
  const rows = await trx('layer_former').where({ layer: slug }).delete().returning('table_name')
  for (const { table_name } of rows) await trx.raw('DROP TABLE ??', [formerTable(table_name)])
}
