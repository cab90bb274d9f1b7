// What a layer held before an import takes its place: features keep their ids with their keys, and only what differs has changed.
import type { Db } from '../core/db/connect.ts'
import { addColumn, tableOf } from './ddl.ts'
import type { FieldDefinition, LayerDefinition } from './contract.ts'

/** The features that were there: a table of id, key and digest of all columns. */
export interface Before {
  table: string
  /** By which field both name their features for good; null: they have no such field in common. */
  key: string | null
  /** Fields that are retired and stay so: a feature keeps their values with its key. */
  retired: FieldDefinition[]
}

/** Remembers the features of the layer in a table beside `staging`; null: there is no such layer yet. */
export async function remember(
  trx: Db,
  staging: string,
  { slug, key_field, fields }: LayerDefinition,
): Promise<Before | null> {
  const old = await trx('layer').where({ slug }).first('key_field', 'retired_fields')
  if (!old) return null
  const table = `${staging}_before`
  const key = old.key_field === key_field ? key_field : null
  // One of that name comes with the file: it takes the old one's place.
  const retired = (old.retired_fields as FieldDefinition[]).filter(({ name }) => !fields.some((field) => field.name === name)) // prettier-ignore
  await trx.raw(`CREATE TABLE ?? AS SELECT f.id, ${key ? '??::text' : 'NULL::text'} AS key, ${DIGEST} AS digest${retired.map(() => ', ??').join('')} FROM ?? AS f`, [
    table,
    ...(key ? [key] : []),
    ...retired.map(({ name }) => name),
    tableOf(slug),
  ]) // prettier-ignore
  return { table, key, retired }
}

const DIGEST = 'md5(f::text)::uuid'

/** Puts down in the history that a file took the place of all: what was before is told only of features that kept their ids. */
export async function noteReplacement(
  trx: Db,
  { slug }: LayerDefinition,
  { key }: Before,
  by: string | null,
): Promise<void> {
  const db_role = by === null ? trx.raw('session_user') : null
  await trx('feature_change').insert({ layer: slug, action: key ? 'replace' : 'renew', account_id: by, db_role })
}

/** Gives the new table the columns of retired fields, and features that kept their ids the values that they had there. */
export async function carryRetired(trx: Db, { slug }: LayerDefinition, { table, retired }: Before): Promise<void> {
  for (const field of retired) await addColumn(trx, slug, field)
  if (retired.length === 0) return
  const names = retired.flatMap(({ name }) => [name, name])
  await trx.raw(`UPDATE ?? AS f SET ${retired.map(() => '?? = b.??').join(', ')} FROM ?? AS b WHERE b.id = f.id AND b.key IS NOT NULL`, [
    tableOf(slug),
    ...names,
    table,
  ]) // prettier-ignore
}

/** Notes which features are other than before or gone; as the triggers do for who writes without us. */
export async function noteDifferences(trx: Db, { slug }: LayerDefinition, before: Before): Promise<void> {
  await trx.raw(
    `SELECT note_changes(?, array_agg(COALESCE(b.id, f.id)))
       FROM ?? AS f FULL JOIN ?? AS b ON b.id = f.id
      WHERE ${DIGEST} IS DISTINCT FROM b.digest`,
    [slug, tableOf(slug), before.table],
  )
  await trx.raw('DROP TABLE ??', [before.table])
}
