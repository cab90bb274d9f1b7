// The audit trail: append-only and sealed row to row by the database (migration core_audit).
import type { Db } from './db/connect.ts'
import { sql } from './db/sql.ts'
import type { Context } from './http/context.ts'

interface Act {
  /** Permission-like name, e.g. contact.reveal. */
  action: string
  subjectId?: string
  /** Ids, codes and the reason given; no contact details. */
  detail?: Record<string, unknown>
}

/** Writes down what the caller is about to do, in the transaction of `db`. */
export async function audit(
  ctx: Pick<Context, 'db' | 'actor' | 'requestId'>,
  { action, subjectId, detail = {} }: Act,
  db: Db = ctx.db,
): Promise<void> {
  await db('audit_entry').insert({
    actor_id: ctx.actor?.accountId ?? null,
    action,
    subject_id: subjectId ?? null,
    detail: JSON.stringify(detail),
    request_id: ctx.requestId,
  })
}

/** Checks the seals of the whole trail. broken_at: number of the first entry that is missing or was changed. */
export async function checkAudit(db: Db): Promise<{ entries: number; broken_at: string | null }> {
  const [row] = await sql<{ entries: number; broken_at: string | null }>(db, 'core/audit_chain', {})
  return row ?? { entries: 0, broken_at: null }
}
