// Reading the audit trail, and proving that nobody has changed it.
import type { z } from 'zod'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import type { AuditEntry, listAudit as endpoint } from './contract.ts'

type Query = z.output<NonNullable<(typeof endpoint)['query']>>
type Row = z.output<typeof AuditEntry> & { is_sealed: boolean }

/** Entries, newest first, each checked against the one before it. */
export async function listAudit(ctx: Context, { subject, before, limit }: Query) {
  const entries = await sql<Row>(ctx.db, 'people/audit', { subject: subject ?? null, before: before ?? null, limit })
  const broken = entries.findLast(({ is_sealed }) => !is_sealed)
  return { entries, broken_at: broken?.id ?? null }
}
