// Features on their way into a layer: streamed into a table of their own, checked and repaired by PostGIS. Nobody sees them there.
import { randomBytes } from 'node:crypto'
import gjv from 'geojson-validation'
import type { Db } from '../core/db/connect.ts'
import { sql, sqlText } from '../core/db/sql.ts'
import type { LayerDefinition } from './contract.ts'
import type { Addressed } from './formats/source.ts'
import { coded, type FeatureProblem, ImportError, problemText } from './refusal.ts'

const BATCH_FEATURES = 500
const BATCH_CHARACTERS = 4_000_000 // a coastline is one feature of megabytes
/** More than this is not read by anyone. */
const PROBLEMS_TOLD = 100

export interface StagingOptions {
  /** EPSG code of the coordinates; 4326 unless told. */
  crs?: number
  onProgress?: (features: number) => unknown
}

export interface Staging {
  /** Schema and name. */
  table: string
  /** Features in the file, good and bad. */
  count: number
}

/** Throws ImportError for a system that PostGIS does not know. */
export async function demandCrs(db: Db, crs: number): Promise<void> {
  const known = await db('spatial_ref_sys').where({ srid: crs }).first('srid')
  if (!known) throw new ImportError('unknown-system', { crs })
}

/**
 * Reads features into a new staging table, batch by batch, without holding the database up. What is wrong with a feature stands
 * beside it. When reading fails, the table is gone.
 */
export async function stage(
  db: Db,
  geometry_type: LayerDefinition['geometry_type'],
  features: AsyncIterable<unknown>,
  { crs = 4326, onProgress }: StagingOptions,
): Promise<Staging> {
  await demandCrs(db, crs)
  const table = `gis_staging.t${Date.now()}_${randomBytes(6).toString('hex')}`
  await db.raw('CREATE TABLE ?? (n int, properties jsonb, geom geometry, is_repaired boolean, problem text)', [table])
  try {
    const dimension = { Point: 1, LineString: 2, Polygon: 3 }[geometry_type]
    const count = await fill(db, { table, crs, type: geometry_type, dimension }, features, onProgress)
    await findAddresses(db, table)
    return { table, count }
  } catch (error) {
    await dropStaging(db, table)
    throw error
  }
}

/** Addresses of one name that lie nearer are one place: gates of a house. */
const SAME_PLACE_M = 60
/** A missing number is put between neighbours only where these are near: streets bend, and their numbers jump. */
export const SIDE_M = 300

/** Gives the rows that say an address their place, all of them at once. */
async function findAddresses(db: Db, table: string): Promise<void> {
  const any = await db(table).whereRaw(`split_part(problem, chr(31), 1) = 'address'`).first('n')
  if (!any) return
  await db.transaction(async (trx) => {
    await takeTime(trx)
    await sql(trx, 'layers/geocode', { table, same_m: SAME_PLACE_M, side_m: SIDE_M })
  })
}

/** Lets the statements of a transaction take longer than those that somebody waits for. */
export async function takeTime(trx: Db): Promise<void> {
  await trx.raw(`SET LOCAL statement_timeout = '30min'`)
}

/** Removes a staging table, or what is left of it. */
export async function dropStaging(db: Db, table: string): Promise<void> {
  await db.raw('DROP TABLE IF EXISTS ??', [table])
}

interface Parameters {
  table: string
  crs: number
  type: string
  dimension: number
}

async function fill(
  db: Db,
  parameters: Parameters,
  features: AsyncIterable<unknown>,
  onProgress: StagingOptions['onProgress'],
): Promise<number> {
  let count = 0
  let characters = 0
  let batch: Staged[] = []
  const flush = async () => {
    await insertBatch(db, parameters, batch)
    batch = []
    characters = 0
    await onProgress?.(count)
  }
  for await (const feature of features) {
    const staged = { index: count, text: stagedText(feature, count) }
    count++
    characters += staged.text.length
    batch.push(staged)
    if (batch.length === BATCH_FEATURES || characters > BATCH_CHARACTERS) await flush()
  }
  if (batch.length > 0) await flush()
  return count
}

interface Staged {
  index: number
  /** One element of the batch in stage.sql, as JSON. */
  text: string
}

interface Given extends Partial<Addressed> {
  properties: unknown
  geometry: Record<string, unknown>
  wkb?: string | null
  wkt?: string
}

function stagedText(feature: unknown, index: number): string {
  const { address } = (feature ?? {}) as Partial<Given>
  const problem = address ? coded('address', address.line, address.text) : structureProblem(feature)
  if (problem && address) return JSON.stringify({ n: index, properties: (feature as Given).properties ?? {}, problem })
  if (problem) return JSON.stringify({ n: index, problem })
  const { properties, geometry, wkb, wkt } = feature as Given
  if (wkb || wkt) return JSON.stringify({ n: index, properties: properties ?? {}, wkb, wkt })
  const { type, coordinates, geometries } = geometry
  return JSON.stringify({ n: index, properties: properties ?? {}, geometry: { type, coordinates, geometries } })
}

/** What is wrong with a feature before PostGIS sees it, as a code of refusal.ts. */
function structureProblem(feature: unknown): string | null {
  const { geometry, properties, wkb, wkt } = (feature ?? {}) as Partial<Given>
  if (Array.isArray(properties)) return coded('list')
  if (wkb || wkt) return null
  if (wkb === null) return coded('missing')
  const errors: string[] = gjv.isFeature(feature, true)
  if (errors.length > 0) return coded('not_geojson', errors.join('; '))
  if (geometry === null) return coded('missing')
  return geometry && !areNumbers(geometry) ? coded('not_finite') : null
}

/** JSON writes NaN and 1e999 as null, and PostGIS reads null as 0: a point in the gulf of Guinea that nobody meant. */
function areNumbers({ coordinates, geometries }: Record<string, unknown>): boolean {
  const isNumbers = (value: unknown): boolean => (Array.isArray(value) ? value.every(isNumbers) : Number.isFinite(value)) // prettier-ignore
  const parts = Array.isArray(geometries) ? (geometries as Record<string, unknown>[]) : []
  return (coordinates === undefined || isNumbers(coordinates)) && parts.every(areNumbers)
}

// What no check foresees (a NUL in a text, a point that PROJ cannot place) fails the statement: then one by one, to name the feature.
async function insertBatch(db: Db, parameters: Parameters, batch: Staged[]): Promise<void> {
  const error = await tryInsert(db, parameters, batch)
  if (!error) return
  for (const one of batch) {
    const message = batch.length === 1 ? error : await tryInsert(db, parameters, [one])
    if (message) await db(parameters.table).insert({ n: one.index, problem: coded('unreadable', message) })
  }
}

async function tryInsert(db: Db, parameters: Parameters, batch: Staged[]): Promise<string | null> {
  const values = { ...parameters, batch: `[${batch.map(({ text }) => text).join(',')}]` }
  try {
    await db.transaction((trx) => trx.raw(sqlText('layers/stage'), values as never))
    return null
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    // Only what the data cause (class 22) or PostGIS says (XX000); a lost connection or a full disk must rise.
    if (!code || !(code.startsWith('22') || code === 'XX000')) throw error
    return message.slice(message.lastIndexOf(' - ') + 3)
  }
}

/** The first hundred features that cannot be loaded, and how many there are. property: of the key, null for none. */
export async function findProblems(
  db: Db,
  table: string,
  property: string | null,
): Promise<{ problems: FeatureProblem[]; total: number }> {
  const { rows } = await db.raw(
    `SELECT n AS index, properties->>? AS key, problem, (count(*) OVER ())::int AS total
       FROM ?? WHERE problem IS NOT NULL ORDER BY n LIMIT ${PROBLEMS_TOLD}`,
    [property, table],
  )
  const problems = rows.map(({ index, key, problem }: { index: number; key: string | null; problem: string }) => ({
    index,
    ...(key && { key }),
    message: problemText(problem),
  }))
  return { problems, total: rows[0]?.total ?? 0 }
}
