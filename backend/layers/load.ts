// Loads features into a layer: streamed into a staging table, checked and repaired by PostGIS, all or nothing.
import { randomBytes } from 'node:crypto'
import gjv from 'geojson-validation'
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { FieldDefinition, LayerDefinition } from './contract.ts'
import { columnType, createTable, finishTable, isReserved, storedType, tableOf } from './ddl.ts'
import { rebuildViews } from './views.ts'

const BATCH = 500
/** More than this is not read by anyone. */
const PROBLEMS_TOLD = 100

interface FeatureProblem {
  /** Position in the file, from 0. */
  index: number
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

function demandFields({ key_field, title_fields, fields }: LayerDefinition): void {
  const names = fields.map(({ name }) => name)
  const missing = [key_field, title_fields?.el, title_fields?.en].find((name) => name && !names.includes(name))
  if (missing) throw new ImportError(`There is no field ${missing}; the fields are ${names.join(', ')}.`)
}

interface Staged {
  table: string
  count: number
  problems: FeatureProblem[]
}

/** Loads features in one transaction. Throws ImportError, with the problems by feature, when nothing was stored. */
export function importLayer(
  db: Db,
  definition: LayerDefinition,
  features: AsyncIterable<unknown>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const crs = options.crs ?? 4326
  return db.transaction(async (trx) => {
    await demandFree(trx, definition.slug, options.replace ?? false)
    const staged = await stage(trx, features, crs, options)
    const columns =
      definition.fields.length > 0 ? definition.fields.map(asColumn) : await inferColumns(trx, staged.table)
    const complete = { ...definition, fields: columns.map(({ field }) => field) }
    demandFields(complete)
    const problems = [...staged.problems, ...(await findProblems(trx, staged, complete, crs))]
    if (problems.length > 0 && !options.skipInvalid) {
      throw new ImportError(
        `${problems.length} of ${staged.count} features cannot be loaded; nothing was stored.`,
        problems,
      )
    }
    await replaceCatalogueRow(trx, complete, options.replace ?? false)
    await createTable(trx, complete)
    const repaired = await fill(trx, staged.table, complete, columns)
    await finishTable(trx, complete)
    const imported = await measure(trx, complete.slug)
    await trx.raw('DROP TABLE ??', [staged.table])
    await rebuildViews(trx)
    await emit(trx, { type: 'layer.imported', subjectId: complete.slug, payload: { imported } })
    return { imported, repaired, problems: problems.slice(0, PROBLEMS_TOLD) }
  })
}

async function demandFree(trx: Db, slug: string, replace: boolean): Promise<void> {
  if (!replace && (await trx('layer').where({ slug }).first('slug'))) {
    throw new ImportError(`There is a layer ${slug} already; say that it shall be replaced.`)
  }
}

async function stage(trx: Db, features: AsyncIterable<unknown>, crs: number, options: ImportOptions): Promise<Staged> {
  const table = `gis.staging_${randomBytes(6).toString('hex')}`
  await trx.raw('CREATE TABLE ?? (n int, properties jsonb, geom geometry, valid geometry)', [table])
  const problems: FeatureProblem[] = []
  let count = 0
  let batch: object[] = []
  const flush = async () => {
    await insertBatch(trx, table, batch, crs)
    batch = []
    options.onProgress?.(count)
  }
  for await (const feature of features) {
    const index = count++
    const wrong = structureProblem(feature)
    if (wrong) problems.push({ index, message: wrong })
    else batch.push({ n: index, ...(feature as object) })
    if (batch.length === BATCH) await flush()
  }
  if (batch.length > 0) await flush()
  return { table, count, problems }
}

function structureProblem(feature: unknown): string | null {
  const errors: string[] = gjv.isFeature(feature, true)
  if (errors.length > 0) return errors.join('; ')
  if ((feature as { geometry: unknown }).geometry === null) return 'the geometry is missing'
  return null
}

// In 4326 the GeoJSON is read as it is; other systems are said before they are transformed.
async function insertBatch(trx: Db, table: string, batch: object[], crs: number): Promise<void> {
  await trx.raw(
    `INSERT INTO ?? (n, properties, geom)
     SELECT f.n, f.properties, ST_Force2D(ST_SetSRID(ST_GeomFromGeoJSON(f.geometry), ?::int))
       FROM jsonb_to_recordset(?::jsonb) AS f (n int, properties jsonb, geometry jsonb)`,
    [table, crs, JSON.stringify(batch)],
  )
}

/** EPSG:2100 (Greek Grid) coordinates of Greece, metres: reference/gis.md 4.1. */
const LOOKS_LIKE_2100 = 'ST_XMax(geom) BETWEEN 94000 AND 1010000 AND ST_YMax(geom) BETWEEN 3840000 AND 4630000'

async function findProblems(
  trx: Db,
  { table }: Staged,
  definition: LayerDefinition,
  crs: number,
): Promise<FeatureProblem[]> {
  const { rows: astray } =
    crs === 4326
      ? await trx.raw(
          `WITH astray AS (
             DELETE FROM ?? WHERE NOT ST_IsEmpty(geom) AND NOT geom @ ST_MakeEnvelope(-180, -90, 180, 90, 4326)
             RETURNING n, ${LOOKS_LIKE_2100} AS greek)
           SELECT n AS index, CASE WHEN greek THEN 'the coordinates look like EPSG:2100 (Greek Grid): say --crs EPSG:2100'
                                   ELSE 'the coordinates are not longitude and latitude' END AS message
             FROM astray ORDER BY n`,
          [table],
        )
      : { rows: [] }
  const dimension = { Point: 1, LineString: 2, Polygon: 3 }[definition.geometry_type]
  const single = definition.geometry_type === 'Point' ? 'ST_GeometryN(part, 1)' : 'ST_Multi(part)'
  await trx.raw(
    `UPDATE ?? SET valid = ${single}
       FROM (SELECT s.n AS m, ST_CollectionExtract(ST_MakeValid(ST_Transform(s.geom, 4326)), ${dimension}) AS part FROM ?? AS s) AS repaired
      WHERE n = m`,
    [table, table],
  )
  const { rows: empty } = await trx.raw(
    `WITH bad AS (DELETE FROM ?? WHERE valid IS NULL OR ST_IsEmpty(valid) RETURNING n, GeometryType(geom) AS type)
     SELECT n AS index, 'no ${definition.geometry_type} can be made of this ' || lower(type) AS message FROM bad ORDER BY n`,
    [table],
  )
  return [...astray, ...empty, ...(definition.key_field ? await keyProblems(trx, table, definition.key_field) : [])]
}

async function keyProblems(trx: Db, table: string, key: string): Promise<FeatureProblem[]> {
  const { rows } = await trx.raw(
    `WITH bad AS (
       DELETE FROM ?? WHERE n IN (
         SELECT n FROM (SELECT n, properties->>? AS key, row_number() OVER (PARTITION BY properties->>? ORDER BY n) AS nth FROM ??) AS k
          WHERE k.key IS NOT NULL AND nth > 1)
       RETURNING n, properties->>? AS key)
     SELECT n AS index, 'the key ' || key || ' was there before' AS message FROM bad ORDER BY n`,
    [table, key, key, table, key],
  )
  return rows
}

/** A field, and the property of the file that fills it. */
interface Column {
  field: FieldDefinition
  property: string
}

const asColumn = (field: FieldDefinition): Column => ({ field, property: field.name })

/** Fields with the narrowest type that holds all their values. */
async function inferColumns(trx: Db, table: string): Promise<Column[]> {
  const { rows } = await trx.raw(
    `SELECT key AS name,
            CASE WHEN bool_and(kind = 'boolean') THEN 'boolean'
                 WHEN bool_and(kind = 'number' AND value::text ~ '^-{0,1}[0-9]{1,18}$') THEN 'integer'
                 WHEN bool_and(kind = 'number') THEN 'number'
                 WHEN bool_or(kind IN ('object', 'array')) THEN 'json'
                 ELSE 'text' END AS type
       FROM ?? AS s, jsonb_each(s.properties) AS p, jsonb_typeof(p.value) AS kind
      WHERE jsonb_typeof(s.properties) = 'object' AND kind <> 'null'
      GROUP BY key
      ORDER BY min(s.n), key`,
    [table],
  )
  const taken = new Set<string>()
  return rows.map(({ name: property, type }: { name: string; type: FieldDefinition['type'] }, index: number) => {
    const name = columnName(property, index, taken)
    taken.add(name)
    return { field: { name, type, title: { el: property, en: property }, is_public: true }, property }
  })
}

// A property keeps its own name as title; the column is that name as far as SQL reads it without quotes.
function columnName(name: string, index: number, taken: Set<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 50)
  const column = plain || `field_${index + 1}`
  return taken.has(column) || isReserved(column) ? `${column}_${index + 1}` : column
}

async function fill(trx: Db, staging: string, definition: LayerDefinition, columns: Column[]): Promise<number> {
  const value = ({ field }: Column) =>
    field.type === 'json' ? 'properties->?' : `(properties->>?)::${columnType(field)}`
  const { rows } = await trx.raw(
    `WITH stored AS (
       INSERT INTO ?? (${[...columns.map(() => '??'), 'geom'].join(', ')})
       SELECT ${[...columns.map(value), `valid::geometry(${storedType(definition)}, 4326)`].join(', ')}
         FROM ?? ORDER BY valid
       RETURNING 1)
     SELECT (SELECT count(*) FROM stored)::int AS stored,
            (SELECT count(*) FROM ?? WHERE NOT ST_IsValid(geom))::int AS repaired`,
    [
      tableOf(definition.slug),
      ...columns.map(({ field }) => field.name),
      ...columns.map(({ property }) => property),
      staging,
      staging,
    ],
  )
  return rows[0].repaired
}

async function replaceCatalogueRow(trx: Db, definition: LayerDefinition, replace: boolean): Promise<void> {
  if (replace)
    await trx.raw('DROP TABLE IF EXISTS ?? CASCADE', [tableOf(definition.slug)]).then(() => restoreViews(trx))
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

// Dropping a table takes the views along; they come back empty until rebuildViews() at the end of the same transaction.
async function restoreViews(trx: Db): Promise<void> {
  const { rows } = await trx.raw(
    `SELECT name FROM unnest(ARRAY['area', 'address', 'searchable']) AS name WHERE to_regclass('public.' || name) IS NULL`,
  )
  for (const { name } of rows) await trx.raw('CREATE VIEW ?? AS SELECT 1 AS placeholder', [name])
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
