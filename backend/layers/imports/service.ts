// Files of staff on their way into a layer. Upload and load answer at once; the work goes on, and the row says how far it is.
import { rm } from 'node:fs/promises'
import { audit } from '../../core/audit.ts'
import type { Localised } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { localised } from '../../core/i18n/text.ts'
import type { Log } from '../../core/log.ts'
import { LayerDefinition } from '../contract.ts'
import { addStaged, type ImportResult, loadStaged } from '../load.ts'
import { ImportError } from '../refusal.ts'
import { dropStaging, stage, takeTime } from '../staging.ts'
import { symbolsFor } from '../symbols.ts'
import type { LayerImport, loadImport } from './contract.ts'
import type { z } from 'zod'
import { describeStaged } from './found.ts'
import { type Opened, openFile, type Wishes } from './read.ts'

type Row = LayerImport & { staging: string | null }
type LoadWishes = z.output<NonNullable<typeof loadImport.body>>

const COLUMNS = [
  'id', 'file_name', 'format', 'source', 'sources', 'crs', 'is_crs_said', 'encoding', 'columns', 'geometry_type', 'state', 'features_read',
  'found', 'layer', 'result', 'failure', 'created_at',
] // prettier-ignore

/** Sooner than a row without a sign of life is given up (jobs.ts). */
const SIGN_OF_LIFE_MS = 30_000

/** Opens an uploaded file and begins to read it; `path` is ours to remove. Throws import-refused. */
export async function uploadFile(
  ctx: Context,
  { path, name }: { path: string; name: string },
  wishes: Wishes,
  log: Log,
): Promise<LayerImport> {
  try {
    const opened = await openFile(ctx.db, path, name, wishes)
    const row = await begin(ctx, name, opened)
    void work(ctx, log, row.id, () => read(ctx.db, row.id, opened)).finally(() =>
      Promise.all([opened.close(), rm(path, { force: true })]),
    )
    return row
  } catch (error) {
    await rm(path, { force: true })
    throw asRefusal(error)
  }
}

const asRefusal = (error: unknown) =>
  error instanceof ImportError
    ? problem('import-refused', {
        values: (language) => ({ reason: error.text[language] }),
        extra: { columns: error.columns },
      })
    : error

async function begin(ctx: Context, file_name: string, opened: Opened): Promise<LayerImport> {
  const { source, sources, crs, isCrsSaid, geometryType } = opened
  const [row] = await ctx
    .db('layer_import')
    .insert({
      account_id: ctx.actor?.accountId,
      file_name,
      format: source.format,
      source: source.name,
      sources,
      crs,
      is_crs_said: isCrsSaid,
      encoding: source.encoding,
      columns: source.columns && JSON.stringify(source.columns),
      geometry_type: geometryType,
    })
    .returning(COLUMNS)
  return row
}

/** Does what nobody waits for, with signs of life; a failure goes into the row. */
async function work({ db }: Context, log: Log, id: string, act: () => Promise<void>): Promise<void> {
  const alive = setInterval(() => {
    void set(db, id, {}).catch(() => undefined)
  }, SIGN_OF_LIFE_MS)
  try {
    await act()
  } catch (error) {
    if (!(error instanceof ImportError)) log.error({ err: error, import: id }, 'an import failed')
    const failure: Localised = error instanceof ImportError ? error.text : localised('import.unexpected')
    await set(db, id, { state: 'failed', failure }).catch(() => undefined)
  } finally {
    clearInterval(alive)
  }
}

const set = (db: Db, id: string, values: Partial<Row>) =>
  db('layer_import')
    .where({ id })
    .update({
      ...Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
        ]),
      ),
      updated_at: db.fn.now(),
    })

async function read(db: Db, id: string, { source, crs, geometryType }: Opened): Promise<void> {
  const staging = await stage(db, geometryType, source.features(), {
    crs,
    onProgress: (features_read) => set(db, id, { features_read }),
  })
  const found = await db.transaction(async (trx) => {
    await takeTime(trx)
    return describeStaged(trx, staging.table, source.columns?.is_address ?? false)
  })
  const isThere = await set(db, id, { state: 'ready', features_read: staging.count, staging: staging.table, found })
  // Thrown away meanwhile.
  if (!isThere) await dropStaging(db, staging.table)
}

/** The imports of the last days, newest first. */
export const listImports = ({ db }: Context): Promise<LayerImport[]> =>
  db('layer_import').select(COLUMNS).orderBy('created_at', 'desc').limit(50)

/** One import. Throws not-found. */
export async function getImport({ db }: Context, id: string): Promise<LayerImport> {
  const row = await db('layer_import').where({ id }).first(COLUMNS)
  if (!row) throw problem('not-found')
  return row
}

/** GeoJSON of what was read, for the map. Throws not-found and import-not-ready. */
export async function previewImport({ db }: Context, id: string) {
  const table = await stagingOf(db, id)
  const [row] = await sql<{ preview: never }>(db, 'layers/staged_preview', { table })
  return row!.preview
}

async function stagingOf(db: Db, id: string): Promise<string> {
  const row = await db('layer_import').where({ id }).first('staging')
  if (!row) throw problem('not-found')
  if (!row.staging) throw problem('import-not-ready')
  return row.staging
}

/** Begins to load what was read. Throws not-found, import-not-ready, layer-exists. */
export async function startLoading(ctx: Context, id: string, wishes: LoadWishes, log: Log): Promise<LayerImport> {
  const existing = await ctx.db('layer').where({ slug: wishes.slug }).first()
  if (wishes.mode === 'create' && existing) throw problem('layer-exists', { path: 'slug' })
  if (wishes.mode !== 'create' && !existing) throw problem('no-such-layer', { path: 'slug' })
  const row = await claim(ctx, id, wishes)
  void work(ctx, log, id, () => load(ctx, row, wishes, existing))
  return getImport(ctx, id)
}

/** Only one load at a time; a failed one may be tried again with other wishes. */
async function claim(ctx: Context, id: string, { slug, mode }: LoadWishes): Promise<Row> {
  return ctx.db.transaction(async (trx) => {
    const row: Row | undefined = await trx('layer_import').where({ id }).forUpdate().first()
    if (!row) throw problem('not-found')
    if (!row.staging || !['ready', 'failed'].includes(row.state)) throw problem('import-not-ready')
    await set(trx, id, { state: 'loading', layer: slug, failure: null })
    await audit(ctx, { action: 'layer.import', subjectId: slug, detail: { mode, file: row.file_name } }, trx)
    return row
  })
}

async function load({ db, actor }: Context, row: Row, wishes: LoadWishes, existing: unknown): Promise<void> {
  const staging = { table: row.staging!, count: row.features_read }
  const skipInvalid = wishes.skip_invalid
  const by = actor?.accountId ?? null
  const result: ImportResult =
    wishes.mode === 'append' || wishes.mode === 'update'
      ? await addStaged(db, wishes.slug, staging, { update: wishes.mode === 'update', skipInvalid, by })
      : await loadStaged(db, await define(db, row, wishes, existing), staging, {
          replace: Boolean(existing),
          skipInvalid,
          by,
          file: row.file_name,
        })
  const { imported, updated, repaired, skipped } = result
  await set(db, row.id, { state: 'done', staging: null, result: { imported, updated, repaired, skipped } })
  await dropStaging(db, staging.table)
}

/** A layer that is replaced stays what it is, except for what is said anew. */
async function define(db: Db, row: Row, wishes: LoadWishes, existing: unknown): Promise<LayerDefinition> {
  const { slug, title, role, theme, visibility, key_field, title_field } = wishes
  const said = Object.fromEntries(
    Object.entries({ title, role, theme, visibility, key_field }).filter(([, value]) => value !== undefined),
  )
  const title_fields = title_field && { el: title_field, en: title_field }
  if (existing) return { ...LayerDefinition.parse(existing), ...said, ...(title_fields && { title_fields }) }
  const { geometry_type } = row
  const names = title ?? { el: row.source, en: row.source }
  const count = Number((await db('layer').count('* as count').first())?.['count'] ?? 0)
  return LayerDefinition.parse({
    ...said,
    slug,
    title: names,
    geometry_type,
    title_fields: title_fields || null,
    ...symbolsFor(geometry_type, names, count),
  })
}

/** Throws an import away; what is being read or loaded ends by itself. Throws not-found and import-not-ready. */
export async function removeImport({ db }: Context, id: string): Promise<void> {
  const [row] = await db('layer_import').where({ id }).whereNot({ state: 'loading' }).delete().returning('staging')
  if (!row) throw problem((await db('layer_import').where({ id }).first('id')) ? 'import-not-ready' : 'not-found')
  if (row.staging) await dropStaging(db, row.staging)
}
