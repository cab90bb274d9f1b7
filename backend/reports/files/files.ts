// Documents that staff put beside a report. Who may see the report may see them; nobody else may.
import { condemnDocuments, documentName, keepFile, photoRemovalJob, storeDocument } from '../../cases/service.ts'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { addInternalNote, lock } from '../handling.ts'
import { actorOf, existing } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import type { ReportFile } from './contract.ts'

/** More than anybody finds anything in. */
const MOST = 50

interface Which {
  /** Report. */
  id: string
  file: string
}

/** Files of a report, newest first. Throws not-found. */
export async function listFiles(ctx: Context, id: string, db: Db = ctx.db): Promise<ReportFile[]> {
  await demandReadable(ctx, db, id)
  return files(ctx, db)
    .where('f.report_id', id)
    .orderBy([
      { column: 'f.created_at', order: 'desc' },
      { column: 'f.id', order: 'asc' },
    ])
    .limit(MOST)
    .select('f.id', 'f.title', 'f.media_type', 'f.size_bytes', 'f.created_at', 'a.name as added_by')
    .select(db.raw('? AS may_remove', [removable(ctx, db)]))
}

async function demandReadable(ctx: Context, db: Db, id: string): Promise<void> {
  const seen = visibleToStaff(db, actorOf(ctx))
  if (!(await db('report as r').where('r.id', existing(id)).whereRaw(seen).first('r.id'))) throw problem('not-found')
}

/** Files of reports that the caller may see. */
const files = (ctx: Context, db: Db) =>
  db('report_file as f')
    .join('report as r', 'r.id', 'f.report_id')
    .leftJoin('account as a', 'a.id', 'f.added_by')
    .whereRaw(visibleToStaff(db, actorOf(ctx)))

const removable = (ctx: Context, db: Db) =>
  db.raw('(COALESCE(f.added_by = ?, false) OR ?)', [
    actorOf(ctx).accountId,
    visibleToStaff(db, actorOf(ctx), 'report.change'),
  ])

/** Stores a document and puts it beside the report. Throws not-found, not-a-document, infected-file, too-many-files. */
export async function addFile(
  ctx: Context,
  id: string,
  title: string,
  bytes: Buffer | undefined,
): Promise<ReportFile[]> {
  await demandReadable(ctx, ctx.db, id)
  // Outside the transaction: the scanner and the storage take their time, and rows would be locked meanwhile.
  const { id: fileId, ...stored } = await storeDocument(ctx, bytes)
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'report.read')
    const [{ count }] = await trx('report_file').where({ report_id: id }).select(trx.raw('count(*)::int AS count'))
    if (count >= MOST) throw problem('too-many-files', { values: { most: MOST } })
    const added_by = actorOf(ctx).accountId
    await trx('report_file').insert({ id: fileId, report_id: id, title, added_by, ...stored })
    await keepFile(trx, fileId)
    await tell(ctx, trx, { id, file: fileId }, 'attached', title)
    return listFiles(ctx, id, trx)
  })
}

/** The document with the name to save it under. Throws not-found. */
export async function getFile(
  ctx: Context,
  { id, file }: Which,
): Promise<{ bytes: Buffer; name: string; media_type: string }> {
  const row = await files(ctx, ctx.db)
    .where({ 'f.id': existing(file), 'f.report_id': existing(id) })
    .first('f.title', 'f.media_type', 'f.extension')
  const bytes = row && (await ctx.storage.get(documentName(file)))
  if (!bytes) throw problem('not-found')
  return { bytes, name: `${row.title}.${row.extension}`, media_type: row.media_type }
}

/** Takes a document away; its file is destroyed after the commit. Throws not-found, not-allowed. */
export function removeFile(ctx: Context, { id, file }: Which): Promise<void> {
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'report.read')
    const row = await files(ctx, trx)
      .where({ 'f.id': existing(file), 'f.report_id': id })
      .select('f.title', trx.raw('? AS may_remove', [removable(ctx, trx)]))
      .first()
    if (!row) throw problem('not-found')
    if (!row.may_remove) throw problem('not-allowed')
    await trx('report_file').where({ id: file }).delete()
    await condemnDocuments(trx, [file])
    await ctx.jobs.send(trx, photoRemovalJob, null)
    await tell(ctx, trx, { id, file }, 'detached', row.title)
  })
}

/** Timeline for colleagues, audit trail, and who has the report open. */
async function tell(ctx: Context, trx: Db, { id, file }: Which, kind: 'attached' | 'detached', title: string) {
  const actorId = actorOf(ctx).accountId
  await addInternalNote(trx, id, title, actorId, kind)
  await audit(ctx, { action: `report.${kind}`, subjectId: id, detail: { file } }, trx)
  await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: { action: kind } })
}
