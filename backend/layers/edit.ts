// One feature made, changed or deleted by a GIS officer; the table's own triggers move revision, count and extent.
import { z } from 'zod'
import { audit } from '../core/audit.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { invalidInput, problem } from '../core/http/problem.ts'
import type { FieldDefinition, Layer } from './contract.ts'
import { brokenBy } from './broken.ts'
import { tableOf } from './ddl.ts'
import { getLayer } from './catalogue.ts'

export interface FeatureValues {
  properties: Record<string, unknown>
  /** GeoJSON geometry, east first, in the system of `srid`; undefined: as it was. */
  geometry: { type: string } | undefined
  srid: number
}

/** Which feature, and the version that the caller has seen; null: whatever it is by now. */
interface Which {
  slug: string
  id: string
  version: string | null
}

const VALUE: Record<FieldDefinition['type'], z.ZodType> = {
  text: z.string().max(10_000),
  integer: z.number().int(),
  number: z.number(),
  boolean: z.boolean(),
  date: z.iso.date(),
  timestamp: z.iso.datetime({ offset: true }),
  json: z.unknown(),
}

/** Adds a feature and returns its id. Throws not-found, invalid-input, key-taken. */
export async function createFeature(ctx: Context, slug: string, values: FeatureValues): Promise<string> {
  const layer = await getLayer(ctx, slug)
  const columns = columnsOf(layer, values.properties, { isWhole: true })
  return writing(ctx, layer, 'feature.create', async (trx) => {
    const [row] = await trx(tableOf(slug))
      .insert({ ...columns, geom: await geometryOf(trx, layer, values) })
      .returning('id')
    return String(row.id)
  })
}

/** Gives a feature new values: all of them, or with `isWhole` false those that are named. Throws also changed-meanwhile. */
export async function changeFeature(
  ctx: Context,
  which: Which,
  values: FeatureValues,
  { isWhole }: { isWhole: boolean },
): Promise<string> {
  const layer = await getLayer(ctx, which.slug)
  const columns = columnsOf(layer, values.properties, { isWhole })
  return writing(ctx, layer, 'feature.change', async (trx) => {
    await demandVersion(trx, which)
    const geom = isWhole || values.geometry ? { geom: await geometryOf(trx, layer, values) } : {}
    // Nothing to change is a change of nothing.
    if (Object.keys({ ...columns, ...geom }).length > 0)
      await trx(tableOf(which.slug))
        .where({ id: which.id })
        .update({ ...columns, ...geom })
    return which.id
  })
}

/** Deletes a feature. Throws not-found, changed-meanwhile. */
export async function deleteFeature(ctx: Context, which: Which): Promise<void> {
  const layer = await getLayer(ctx, which.slug)
  await writing(ctx, layer, 'feature.delete', async (trx) => {
    await demandVersion(trx, which)
    await trx(tableOf(which.slug)).where({ id: which.id }).delete()
    return which.id
  })
}

/** Tells the triggers of layers who writes, until the transaction ends (migration layers_history). */
export async function signChanges(trx: Db, accountId: string | null | undefined): Promise<void> {
  await trx.raw(`SELECT set_config('asty.account', ?, true)`, [accountId ?? ''])
}

/** One transaction with its entry in the audit trail. */
export function writing(
  ctx: Context,
  { slug, key_field }: Layer,
  action: string,
  write: (trx: Db) => Promise<string>,
): Promise<string> {
  return ctx.db
    .transaction(async (trx) => {
      await signChanges(trx, ctx.actor?.accountId)
      const id = await write(trx)
      await audit(ctx, { action, subjectId: slug, detail: { id } }, trx)
      return id
    })
    .catch((error: { code?: string }) => {
      if (error.code === UNIQUE) throw problem('key-taken', { path: `properties.${key_field}` })
      throw error
    })
}

const UNIQUE = '23505'

async function demandVersion(trx: Db, { slug, id, version }: Which): Promise<void> {
  if (!/^\d{1,18}$/.test(id)) throw problem('not-found')
  const row = await trx(tableOf(slug)).where({ id }).forUpdate().first(trx.raw('xmin::text AS version'))
  if (!row) throw problem('not-found')
  if (version !== null && row.version !== version)
    throw problem('changed-meanwhile', { extra: await lastChange(trx, slug, id, row.version) })
}

/** For who must decide between two versions: which one there is by now, and who made it. */
async function lastChange(trx: Db, slug: string, id: string, version: string) {
  const change = await trx('feature_change AS c')
    .leftJoin('account AS a', 'a.id', 'c.account_id')
    .where({ layer: slug, feature_id: id })
    .orderBy('c.id', 'desc')
    .first('c.made_at AS changed_at', trx.raw('COALESCE(a.name, c.db_role) AS changed_by'))
  return { version, ...change }
}

/** Values by column. Every field is there when the feature is written whole; the key must have a value. */
function columnsOf(
  { fields, key_field }: Layer,
  properties: Record<string, unknown>,
  { isWhole }: { isWhole: boolean },
) {
  const shape = Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = name === key_field ? VALUE[type] : VALUE[type].nullable()
      return [name, isWhole && name === key_field ? value : value.optional()]
    }),
  )
  const parsed = z.strictObject(shape).safeParse(properties, { reportInput: true })
  if (!parsed.success) throw invalidInput(parsed.error, 'properties')
  const values = parsed.data as Record<string, unknown>
  const named = fields.filter(({ name }) => isWhole || name in values)
  return Object.fromEntries(named.map(({ name, type }) => [name, asColumn(type, values[name])]))
}

const asColumn = (type: FieldDefinition['type'], value: unknown) =>
  value === undefined || value === null ? null : type === 'json' ? JSON.stringify(value) : value

/** The geometry as the table stores it, lines and polygons as Multi*. Throws invalid-input for what it cannot hold. */
export async function geometryOf(
  trx: Db,
  { geometry_type }: Layer,
  { geometry, srid }: Pick<FeatureValues, 'geometry' | 'srid'>,
) {
  const allowed = geometry_type === 'Point' ? ['Point'] : [geometry_type, `Multi${geometry_type}`]
  if (!geometry || !allowed.includes(geometry.type)) throw problem('wrong-geometry', { path: 'geometry', values: { allowed: allowed.join(', ') } }) // prettier-ignore
  const multi = geometry_type === 'Point' ? 'g' : 'ST_Multi(g)'
  const { rows } = await trx.raw(
    `SELECT ST_AsEWKB(${multi}) AS geom, (d).valid AS is_valid, (d).reason, ST_AsGeoJSON((d).location)::json AS at, ST_IsEmpty(g) AS is_empty
       FROM (SELECT g, ST_IsValidDetail(g) AS d
               FROM (SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(?::text), ?::int), 4326) AS g) AS given) AS looked_at`,
    [JSON.stringify(geometry), srid],
  )
  const [{ geom, is_valid, reason, at, is_empty }] = rows
  if (is_empty) throw problem('broken-geometry', { path: 'geometry', values: brokenBy('Empty') })
  if (!is_valid) throw problem('broken-geometry', { path: 'geometry', values: brokenBy(reason), extra: { at } })
  return geom as Buffer
}
