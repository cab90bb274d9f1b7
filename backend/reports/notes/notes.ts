// What colleagues tell each other about a report, and what happened at its place before.
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql, sqlText } from '../../core/db/sql.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { mailJob } from '../../core/mail.ts'
import { rolesWith } from '../../people/service.ts'
import type { StaffReportDetail } from '../desk/contract.ts'
import { addInternalNote, lock } from '../handling.ts'
import { actorOf, getStaffReport } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import type { Colleague, Mention, PastReport } from './contract.ts'

type Reader = Colleague & { email: string | null }

const readersOf = (db: Db, id: string): Promise<Reader[]> => sql<Reader>(db, 'reports/colleagues', { id, ...rolesWith('report.read') }) // prettier-ignore

/** Who else may read a report. Throws not-found. */
export async function listColleagues(ctx: Context, id: string): Promise<Colleague[]> {
  await demandReadable(ctx, id)
  return (await readersOf(ctx.db, id)).filter((each) => each.id !== actorOf(ctx).accountId)
}

async function demandReadable(ctx: Context, id: string): Promise<void> {
  const seen = visibleToStaff(ctx.db, actorOf(ctx))
  const row = await ctx.db('report as r').whereRaw('r.id::text = ?', [id]).whereRaw(seen).first('r.id')
  if (!row) throw problem('not-found')
}

/** Writes an internal note and tells those who are named in it. Throws not-found, unknown-colleague. */
export function addNote(
  ctx: Context,
  id: string,
  { note, mentions }: { note: string; mentions: string[] },
): Promise<StaffReportDetail> {
  const { accountId: actorId } = actorOf(ctx)
  return ctx.db.transaction(async (trx) => {
    await lock(ctx, trx, id, 'report.read')
    const named = (await readersOf(trx, id)).filter((each) => mentions.includes(each.id))
    if (named.length < new Set(mentions).size) throw problem('unknown-colleague', { path: 'mentions' })
    const timeline_entry_id = await addInternalNote(trx, id, note, actorId)
    if (named.length > 0)
      await trx('mention').insert(named.map((each) => ({ report_id: id, timeline_entry_id, account_id: each.id })))
    await audit(ctx, { action: 'report.note', subjectId: id, detail: { mentions: named.map((each) => each.id) } }, trx)
    await emit(trx, { type: 'report.changed', subjectId: id, actorId, payload: { action: 'note' } })
    const report = await getStaffReport(ctx, id, trx)
    for (const { email } of named) if (email) await mailMention(ctx, trx, email, report)
    return report
  })
}

/** Says that there is a note, not what it says: mail goes where notes must not. */
async function mailMention(ctx: Context, trx: Db, to: string, { id, properties }: StaffReportDetail): Promise<void> {
  const values = { name: actorOf(ctx).name, protocol: properties.protocol, url: `${ctx.baseUrl}/desk/${id}` }
  const subject = text(ctx.language, 'mail.mention.subject', values)
  await ctx.jobs.send(trx, mailJob, { to, subject, text: text(ctx.language, 'mail.mention.text', values) })
}

/** Notes that name the caller, on reports not opened since. */
export const listMentions = (ctx: Context): Promise<Mention[]> =>
  ctx
    .db('mention as m')
    .join('report as r', 'r.id', 'm.report_id')
    .join('case_record as k', 'k.id', 'r.id')
    .join('category as c', 'c.id', 'r.category_id')
    .join('timeline_entry as t', 't.id', 'm.timeline_entry_id')
    .leftJoin('account as a', 'a.id', 't.actor_id')
    .where('m.account_id', actorOf(ctx).accountId)
    .whereNull('m.read_at')
    .whereRaw(visibleToStaff(ctx.db, actorOf(ctx)))
    .select('m.report_id', 'k.protocol', 'a.name as actor', 't.note', 'm.created_at as at')
    .select(ctx.db.raw(`jsonb_build_object('slug', c.slug, 'title', c.title) AS category`))
    .orderBy('m.id', 'desc')
    .limit(50)

/** Whoever opens a report has read what names them there. */
export async function readMentions(ctx: Context, id: string): Promise<void> {
  await ctx
    .db('mention')
    .where({ report_id: id, account_id: actorOf(ctx).accountId, read_at: null })
    .update({ read_at: ctx.db.fn.now() })
}

/** What has been reported before at the place of a report. Throws not-found. */
export async function listSamePlace(ctx: Context, id: string): Promise<PastReport[]> {
  await demandReadable(ctx, id)
  const seen = visibleToStaff(ctx.db, actorOf(ctx))
  const { rows } = await ctx.db.raw(sqlText('reports/same_place'), { id, seen } as never)
  return rows
}
