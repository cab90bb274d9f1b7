// What a layer held before an import takes its place: features keep their ids with their keys, and only what differs has changed.
import type { Db } from '../core/db/connect.ts'
import { tableOf } from './ddl.ts'
import type { LayerDefinition } from './contract.ts'

/** The features that were there: a table of id, key and digest of all columns. */
export interface Before {
  table: string
  /** By which field both name their features for good; null: they have no such field in common. */
  key: string | null
}

/** Remembers the features of the layer in a table beside `staging`; null: there is no such layer yet. */
export async function remember(trx: Db, staging: string, { slug, key_field }: LayerDefinition): Promise<Before | null> {
  const old = await trx('layer').where({ slug }).first('key_field')
  if (!old) return null
  const table = `${staging}_before`
  const key = old.key_field === key_field ? key_field : null
  await trx.raw(`CREATE TABLE ?? AS SELECT f.id, ${key ? '??::text' : 'NULL::text'} AS key, ${DIGEST} AS digest FROM ?? AS f`, [
    table,
    ...(key ? [key] : []),
    tableOf(slug),
  ]) // prettier-ignore
  return { table, key }
}

const DIGEST = 'md5(f::text)::uuid'

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
