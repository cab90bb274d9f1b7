// Loads features into a layer: streamed into a staging table, checked and repaired by PostGIS on the way, all or nothing.
import { randomBytes } from 'node:crypto'
import gjv from 'geojson-validation'
import type { Db } from '../core/db/connect.ts'
import { sqlText } from '../core/db/sql.ts'
import { emit } from '../core/events.ts'
import { LayerDefinition } from './contract.ts'
import { createTable, dropTable, finishTable, grantAgain, grantsOn, isReserved, storedType, tableOf } from './ddl.ts'
import { type Column, columnsOf, markWrongValues, valueOf } from './fields.ts'
import { type Before, noteDifferences, remember } from './replaced.ts'
import { lockCatalogue, rebuildViews } from './views.ts'

const BATCH_FEATURES = 500
const BATCH_CHARACTERS = 4_000_000 // a coastline is one feature of megabytes
/** More than this is not read by anyone. */
const PROBLEMS_TOLD = 100

interface FeatureProblem {
  /** Position in the file, from 0. */
  index: number
  /** Value of the layer's key field, where there is one. */
  key?: string
  message: string
}

interface ImportOptions {
  /** EPSG code of the coordinates; 4326 unless told. */
  crs?: number
  /** Puts the features in the place of those that are there. */
  replace?: boolean
  /** Leaves out what cannot be repaired instead of refusing the file. */
  skipInvalid?: boolean
  onProgress?: (features: number) => void
}

interface ImportResult {
  imported: number
  repaired: number
  /** Features that were left out. */
  skipped: number
  /** Why they were left out; the first hundred. */
  problems: FeatureProblem[]
}

/** The file was refused; nothing of it was stored. */
export class ImportError extends Error {
  readonly problems: FeatureProblem[]
  constructor(message: string, problems: FeatureProblem[] = []) {
    super(message)
    this.problems = problems
  }
}

/** Loads features in one transaction. Throws ImportError, with the problems by feature, when nothing was stored. */
export async function importLayer(
  db: Db,
  given: LayerDefinition,
  features: AsyncIterable<unknown>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const definition = readDefinition(given)
  return db.transaction(async (trx) => {
    await lockCatalogue(trx)
    await demandFree(trx, definition.slug, options.replace ?? false)
    await demandCrs(trx, options.crs ?? 4326)
    const { table, count } = await stage(trx, definition, features, options)
    const columns = await columnsOf(trx, table, definition.fields)
    const complete = completeDefinition(definition, columns)
    await markWrongValues(trx, table, columns)
    await markKeys(trx, table, complete, columns)
    const { problems, total } = await findProblems(trx, table, complete, columns)
    if (total > 0 && !options.skipInvalid) throw refusal(total, count, problems)
    const grants = await grantsOn(trx, complete.slug)
    const before = await remember(trx, table, complete)
    await makeRoom(trx, complete.slug)
    await writeCatalogueRow(trx, complete)
    await createTable(trx, complete)
    const repaired = await fill(trx, { staging: table, before }, complete, columns)
    if (before) await noteDifferences(trx, complete, before)
    await finishTable(trx, complete)
    await grantAgain(trx, complete, grants)
    const imported = await measure(trx, complete.slug)
    await trx.raw('DROP TABLE ??', [table])
    await rebuildViews(trx)
    await emit(trx, { type: 'layer.imported', subjectId: complete.slug, payload: { imported } })
    return { imported, repaired, skipped: total, problems }
  })
}

function readDefinition(given: LayerDefinition): LayerDefinition {
  const parsed = LayerDefinition.safeParse(given)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new ImportError(`The definition of the layer is wrong: ${wrong.join('; ')}`)
  }
  const names = parsed.data.fields.map(({ name }) => name)
  const bad = names.find((name, index) => isReserved(name) || names.indexOf(name) !== index)
  if (bad) throw new ImportError(`A field cannot be called ${bad}: the name is taken.`)
  return parsed.data
}

async function demandFree(trx: Db, slug: string, replace: boolean): Promise<void> {
  if (!replace && (await trx('layer').where({ slug }).first('slug'))) {
    throw new ImportError(`There is a layer ${slug} already; say that it shall be replaced.`)
  }
}

async function demandCrs(trx: Db, crs: number): Promise<void> {
  const known = await trx('spatial_ref_sys').where({ srid: crs }).first('srid')
  if (!known) throw new ImportError(`EPSG:${crs} is not a coordinate system that PostGIS knows.`)
}

async function stage(
  trx: Db,
  definition: LayerDefinition,
  features: AsyncIterable<unknown>,
  { crs = 4326, onProgress }: ImportOptions,
): Promise<{ table: string; count: number }> {
  const table = `gis.staging_${randomBytes(6).toString('hex')}`
  await trx.raw('CREATE TABLE ?? (n int, properties jsonb, geom geometry, is_repaired boolean, problem text)', [table])
  const dimension = { Point: 1, LineString: 2, Polygon: 3 }[definition.geometry_type]
  const parameters = { table, crs, type: definition.geometry_type, dimension }
  let count = 0
  let characters = 0
  let batch: Staged[] = []
  const flush = async () => {
    await insertBatch(trx, parameters, batch)
    batch = []
    characters = 0
    onProgress?.(count)
  }
  for await (const feature of features) {
    const staged = { index: count, text: stagedText(feature, count) }
    count++
    characters += staged.text.length
    batch.push(staged)
    if (batch.length === BATCH_FEATURES || characters > BATCH_CHARACTERS) await flush()
  }
  if (batch.length > 0) await flush()
  return { table, count }
}

interface Staged {
  index: number
  /** One element of the batch in stage.sql, as JSON. */
  text: string
}

function stagedText(feature: unknown, index: number): string {
  const problem = structureProblem(feature)
  if (problem) return JSON.stringify({ n: index, problem })
  const { properties, geometry } = feature as { properties: unknown; geometry: Record<string, unknown> }
  const { type, coordinates, geometries } = geometry
  return JSON.stringify({ n: index, properties: properties ?? {}, geometry: { type, coordinates, geometries } })
}

function structureProblem(feature: unknown): string | null {
  const errors: string[] = gjv.isFeature(feature, true)
  if (errors.length > 0) return errors.join('; ')
  const { geometry, properties } = feature as { geometry: unknown; properties: unknown }
  if (geometry === null) return 'the geometry is missing'
  return Array.isArray(properties) ? 'the properties must be an object' : null
}

type StageParameters = { table: string; crs: number; type: string; dimension: number }

// What no check foresees (a NUL in a text, a point that PROJ cannot place) fails the statement: then one by one, to name the feature.
async function insertBatch(trx: Db, parameters: StageParameters, batch: Staged[]): Promise<void> {
  const error = await tryInsert(trx, parameters, batch)
  if (!error) return
  for (const one of batch) {
    const message = batch.length === 1 ? error : await tryInsert(trx, parameters, [one])
    if (message) await trx(parameters.table).insert({ n: one.index, problem: `it cannot be read: ${message}` })
  }
}

async function tryInsert(trx: Db, parameters: StageParameters, batch: Staged[]): Promise<string | null> {
  const values = { ...parameters, batch: `[${batch.map(({ text }) => text).join(',')}]` }
  try {
    await trx.transaction((savepoint) => savepoint.raw(sqlText('layers/stage'), values as never))
    return null
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    // Only what the data cause (class 22) or PostGIS says (XX000); a lost connection or a full disk must rise.
    if (!code || !(code.startsWith('22') || code === 'XX000')) throw error
    return message.slice(message.lastIndexOf(' - ') + 3)
  }
}

/** The definition with the fields that were found; key and titles may be told by the file's names. */
function completeDefinition(definition: LayerDefinition, columns: Column[]): LayerDefinition {
  const fieldOf = (name: string) => {
    const column = columns.find(({ field }) => field.name === name) ?? columns.find(({ property }) => property === name)
    if (!column) {
      const names = columns.map(({ field }) => field.name).join(', ')
      throw new ImportError(`There is no field ${name}; the fields are ${names}.`)
    }
    // Keys and titles of a public layer leave through search, "what is here" and routing.
    if (definition.visibility === 'public' && !column.field.is_public)
      throw new ImportError(`The field ${name} is not public, so it cannot be key or title of a public layer.`)
    return column.field.name
  }
  const { key_field, title_fields } = definition
  return {
    ...definition,
    fields: columns.map(({ field }) => field),
    key_field: key_field === null ? null : fieldOf(key_field),
    title_fields: title_fields && { el: fieldOf(title_fields.el), en: fieldOf(title_fields.en) },
  }
}

const keyColumn = ({ key_field }: LayerDefinition, columns: Column[]) =>
  columns.find(({ field }) => field.name === key_field)

/** Marks staged features without a key, and those whose key came before. */
async function markKeys(trx: Db, table: string, definition: LayerDefinition, columns: Column[]): Promise<void> {
  const column = keyColumn(definition, columns)
  if (!column) return
  const { text, values } = valueOf(column)
  await trx.raw(
    `UPDATE ?? AS s
        SET problem = CASE WHEN k.key IS NULL THEN 'the key ' || ? || ' is missing' ELSE 'the key ' || k.key || ' was there before' END
       FROM (SELECT n, key, row_number() OVER (PARTITION BY key ORDER BY n) AS nth
               FROM (SELECT n, ${text} AS key FROM ?? WHERE problem IS NULL OFFSET 0) AS read) AS k
      WHERE s.n = k.n AND (k.key IS NULL OR k.nth > 1)`,
    [table, column.property, ...values, table],
  )
}

async function findProblems(
  trx: Db,
  table: string,
  definition: LayerDefinition,
  columns: Column[],
): Promise<{ problems: FeatureProblem[]; total: number }> {
  const property = keyColumn(definition, columns)?.property ?? null
  const { rows } = await trx.raw(
    `SELECT n AS index, properties->>? AS key, problem AS message, (count(*) OVER ())::int AS total
       FROM ?? WHERE problem IS NOT NULL ORDER BY n LIMIT ${PROBLEMS_TOLD}`,
    [property, table],
  )
  const problems = rows.map(({ index, key, message }: FeatureProblem) => ({ index, ...(key && { key }), message }))
  return { problems, total: rows[0]?.total ?? 0 }
}

function refusal(total: number, count: number, problems: FeatureProblem[]): ImportError {
  const [first] = problems
  return new ImportError(
    `${total} of ${count} features cannot be loaded and nothing was stored. Feature ${first?.index}: ${first?.message}.`,
    problems,
  )
}

/** A feature keeps its id as long as it keeps its key; new ones count on. */
const KEPT_ID = 'COALESCE(b.id, (SELECT COALESCE(max(id), 0) FROM ??) + row_number() OVER (ORDER BY geom, n))'

interface Sources {
  staging: string
  before: Before | null
}

async function fill(
  trx: Db,
  { staging, before }: Sources,
  definition: LayerDefinition,
  columns: Column[],
): Promise<number> {
  const parts = columns.map(valueOf)
  const table = tableOf(definition.slug)
  const column = keyColumn(definition, columns)
  const kept = before?.key && column ? { table: before.table, key: valueOf(column) } : null
  // PostGIS sorts geometries along a Hilbert curve: what lies together is read together.
  await trx.raw(
    `INSERT INTO ?? (${kept ? 'id, ' : ''}${[...columns.map(() => '??'), 'geom'].join(', ')})
     SELECT ${kept ? `${KEPT_ID}, ` : ''}${[...parts.map(({ text }) => text), `geom::geometry(${storedType(definition)}, 4326)`].join(', ')}
       FROM ?? ${kept ? `LEFT JOIN ?? AS b ON b.key = (${kept.key.text})::text` : ''}
      WHERE problem IS NULL ORDER BY geom, n`,
    [
      table,
      ...columns.map(({ field }) => field.name),
      ...(kept ? [kept.table] : []),
      ...parts.flatMap(({ values }) => values),
      staging,
      ...(kept ? [kept.table, ...kept.key.values] : []),
    ],
  )
  if (kept) await trx.raw(`SELECT setval(pg_get_serial_sequence(?, 'id'), max(id)) FROM ??`, [table, table])
  const { rows } = await trx.raw(
    'SELECT count(*)::int AS repaired FROM ?? WHERE is_repaired AND problem IS NULL',
    staging,
  )
  return rows[0].repaired
}

async function makeRoom(trx: Db, slug: string): Promise<void> {
  try {
    await dropTable(trx, slug)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== '2BP01') throw error
    throw new ImportError(`Other views or tables in the database stand on gis.${slug}: drop them first.`)
  }
}

async function writeCatalogueRow(trx: Db, definition: LayerDefinition): Promise<void> {
  const row = Object.fromEntries(
    Object.entries(definition).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  )
  await trx('layer')
    .insert(row)
    .onConflict('slug')
    .merge({ ...row, revision: trx.raw('layer.revision + 1'), updated_at: trx.fn.now() })
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
