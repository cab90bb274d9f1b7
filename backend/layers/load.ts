// Loads features into a layer: staged first, then one transaction that stores all of them or nothing.
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import { LayerDefinition } from './contract.ts'
import { isReserved, storedType, tableOf } from './ddl.ts'
import { signChanges } from './edit.ts'
import { type Column, columnsOf, markWrongValues, valueOf } from './fields.ts'
import { putInPlace } from './place.ts'
import { type FeatureProblem, ImportError } from './refusal.ts'
import type { Before } from './replaced.ts'
import { styleFault } from './styling/valid.ts'
import { dropStaging, findProblems, stage, type Staging, type StagingOptions, takeTime } from './staging.ts'
import { lockCatalogue } from './views.ts'

/** PostgreSQL ends at 1600, and nobody reads what comes near. */
const MOST_COLUMNS = 1000

interface LoadOptions {
  /** Puts the features in the place of those that are there. */
  replace?: boolean
  /** Leaves out what cannot be repaired instead of refusing the file. */
  skipInvalid?: boolean
  /** Account that loads them; null: the command line. */
  by?: string | null
  /** Name of the file, for who looks at what it replaced. */
  file?: string | null
}

export interface ImportResult {
  /** New features. */
  imported: number
  /** Features that were there and have new values now. */
  updated: number
  repaired: number
  /** Features that were left out. */
  skipped: number
  /** Why they were left out; the first hundred. */
  problems: FeatureProblem[]
}

/** Reads features and loads them. Throws ImportError, with the problems by feature, when nothing was stored. */
export async function importLayer(
  db: Db,
  given: LayerDefinition,
  features: AsyncIterable<unknown>,
  options: LoadOptions & StagingOptions = {},
): Promise<ImportResult> {
  const definition = readDefinition(given)
  await demandFree(db, definition.slug, options.replace ?? false)
  const staging = await stage(db, definition.geometry_type, features, options)
  try {
    return await loadStaged(db, definition, staging, options)
  } finally {
    await dropStaging(db, staging.table)
  }
}

/** Reads features, gives those whose key the layer knows their values, and adds the others. Throws ImportError; then nothing was stored. */
export async function updateLayer(db: Db, slug: string, features: AsyncIterable<unknown>): Promise<ImportResult> {
  const row = await db('layer').where({ slug }).first('geometry_type')
  if (!row) throw new ImportError('no-layer', { slug })
  const staging = await stage(db, row.geometry_type, features, {})
  try {
    return await addStaged(db, slug, staging, { update: true })
  } finally {
    await dropStaging(db, staging.table)
  }
}

/** Makes a layer of staged features, or puts them in the place of its own. Throws ImportError; then nothing was stored. */
export async function loadStaged(
  db: Db,
  given: LayerDefinition,
  { table, count }: Staging,
  { replace = false, skipInvalid = false, by = null, file = null }: LoadOptions,
): Promise<ImportResult> {
  const definition = readDefinition(given)
  return db.transaction(async (trx) => {
    await takeTime(trx)
    await lockCatalogue(trx)
    await demandFree(trx, definition.slug, replace)
    const columns = await columnsOf(trx, table, definition.fields)
    if (columns.length > MOST_COLUMNS) throw new ImportError('too-many-columns', { count: columns.length, most: MOST_COLUMNS }) // prettier-ignore
    const complete = completeDefinition(definition, columns)
    await markWrongValues(trx, table, columns)
    const { problems, total } = await check(trx, { table, count }, complete, columns, skipInvalid)
    const imported = await putInPlace(trx, complete, {
      staging: table,
      by,
      file,
      fill: (before) => fill(trx, { staging: table, before }, complete, columns),
    })
    return { imported, updated: 0, repaired: await countRepaired(trx, table), skipped: total, problems }
  })
}

/**
 * Adds staged features to a layer as it is. update: those whose key is there give it their values. Throws ImportError, also
 * when a key is there and `update` is false; then nothing was stored.
 */
export async function addStaged(
  db: Db,
  slug: string,
  { table, count }: Staging,
  { update = false, skipInvalid = false, by = null }: { update?: boolean; skipInvalid?: boolean; by?: string | null },
): Promise<ImportResult> {
  return db.transaction(async (trx) => {
    await takeTime(trx)
    await lockCatalogue(trx)
    const row = await trx('layer').where({ slug }).first()
    if (!row) throw new ImportError('no-layer', { slug })
    const layer = LayerDefinition.parse(row)
    if (update && !layer.key_field) throw new ImportError('no-key', { slug })
    const columns = await columnsOf(trx, table, layer.fields)
    await markWrongValues(trx, table, columns)
    if (!update) await markTaken(trx, table, layer, columns)
    const { problems, total } = await check(trx, { table, count }, layer, columns, skipInvalid)
    await signChanges(trx, by)
    const { imported, updated } = await add(trx, table, layer, columns, update)
    await emit(trx, { type: 'layer.imported', subjectId: slug, payload: { imported, updated } })
    return { imported, updated, repaired: await countRepaired(trx, table), skipped: total, problems }
  })
}

/** Marks missing and repeated keys, and tells what was marked. Throws ImportError unless that may be left out. */
async function check(
  trx: Db,
  { table, count }: Staging,
  definition: LayerDefinition,
  columns: Column[],
  skipInvalid: boolean,
) {
  await markKeys(trx, table, definition, columns)
  const found = await findProblems(trx, table, keyColumn(definition, columns)?.property ?? null)
  if (found.total > 0 && !skipInvalid) throw refusal(found.total, count, found.problems)
  return found
}

function readDefinition(given: LayerDefinition): LayerDefinition {
  const parsed = LayerDefinition.safeParse(given)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new ImportError('wrong-definition', { reason: wrong.join('; ') })
  }
  const names = parsed.data.fields.map(({ name }) => name)
  const bad = names.find((name, index) => isReserved(name) || names.indexOf(name) !== index)
  if (bad) throw new ImportError('name-taken', { name: bad })
  const reason = styleFault(parsed.data.slug, parsed.data.style)
  if (reason) throw new ImportError('wrong-style', { reason })
  return parsed.data
}

async function demandFree(trx: Db, slug: string, replace: boolean): Promise<void> {
  if (!replace && (await trx('layer').where({ slug }).first('slug'))) {
    throw new ImportError('layer-exists', { slug })
  }
}

/** The definition with the fields that were found; key and titles may be told by the file's names. */
function completeDefinition(definition: LayerDefinition, columns: Column[]): LayerDefinition {
  const fieldOf = (name: string) => {
    const column = columns.find(({ field }) => field.name === name) ?? columns.find(({ property }) => property === name)
    if (!column) {
      const names = columns.map(({ field }) => field.name).join(', ')
      throw new ImportError('no-field', { name, names })
    }
    // Keys and titles of a public layer leave through search, "what is here" and routing.
    if (definition.visibility === 'public' && !column.field.is_public) throw new ImportError('not-public', { name })
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
        SET problem = CASE WHEN k.key IS NULL THEN concat_ws(chr(31), 'key_missing', ?::text) ELSE concat_ws(chr(31), 'key_twice', k.key) END
       FROM (SELECT n, key, row_number() OVER (PARTITION BY key ORDER BY n) AS nth
               FROM (SELECT n, ${text} AS key FROM ?? WHERE problem IS NULL OFFSET 0) AS read) AS k
      WHERE s.n = k.n AND (k.key IS NULL OR k.nth > 1)`,
    [table, column.property, ...values, table],
  )
}

/** Marks staged features whose key the layer has already. */
async function markTaken(trx: Db, table: string, definition: LayerDefinition, columns: Column[]): Promise<void> {
  const column = keyColumn(definition, columns)
  if (!column) return
  const { text, values } = valueOf(column)
  // OFFSET 0: a value that is no key of this type was marked before, and must not be read as one.
  await trx.raw(
    `UPDATE ?? AS s SET problem = concat_ws(chr(31), 'key_taken', k.key)
       FROM (SELECT n, ${text} AS key FROM ?? WHERE problem IS NULL OFFSET 0) AS k, ?? AS l
      WHERE s.n = k.n AND l.?? = k.key`,
    [table, ...values, table, tableOf(definition.slug), column.field.name],
  )
}

function refusal(total: number, count: number, problems: FeatureProblem[]): ImportError {
  const [first] = problems
  return new ImportError('refused', { total, count, index: first?.index ?? 0, reason: first?.message ?? '' }, problems)
}

/** A feature keeps its id as long as it keeps its key; new ones count on. */
const KEPT_ID = 'COALESCE(b.id, (SELECT COALESCE(max(id), 0) FROM ??) + row_number() OVER (ORDER BY geom, n))'

interface Sources {
  staging: string
  before: Before | null
}

/** Moves staged features into an empty table. */
async function fill(
  trx: Db,
  { staging, before }: Sources,
  definition: LayerDefinition,
  columns: Column[],
): Promise<void> {
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
}

/** Adds staged features to a table with others. update: a key that is there gets the new values. */
async function add(
  trx: Db,
  staging: string,
  definition: LayerDefinition,
  columns: Column[],
  update: boolean,
): Promise<{ imported: number; updated: number }> {
  const parts = columns.map(valueOf)
  const names = [...columns.map(({ field }) => field.name), 'geom']
  const conflict = `ON CONFLICT (??) DO UPDATE SET ${names.map(() => '?? = EXCLUDED.??').join(', ')}`
  // PostGIS sorts geometries along a Hilbert curve: what lies together is read together.
  const { rows } = await trx.raw(
    `WITH written AS (
       INSERT INTO ?? (${names.map(() => '??').join(', ')})
       SELECT ${[...parts.map(({ text }) => text), `geom::geometry(${storedType(definition)}, 4326)`].join(', ')}
         FROM ?? WHERE problem IS NULL ORDER BY geom, n
       ${update ? conflict : ''}
       RETURNING xmax = 0 AS is_new)
     SELECT count(*) FILTER (WHERE is_new)::int AS imported, count(*) FILTER (WHERE NOT is_new)::int AS updated FROM written`,
    [
      tableOf(definition.slug),
      ...names,
      ...parts.flatMap(({ values }) => values),
      staging,
      ...(update ? [definition.key_field, ...names.flatMap((name) => [name, name])] : []),
    ],
  )
  return rows[0]
}

async function countRepaired(trx: Db, staging: string): Promise<number> {
  const { rows } = await trx.raw(
    'SELECT count(*)::int AS repaired FROM ?? WHERE is_repaired AND problem IS NULL',
    staging,
  )
  return rows[0].repaired
}
