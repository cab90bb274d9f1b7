// What became of a report, by the short code that can be said on the telephone. Codes can be guessed: what they open is public.
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { LookedUp } from './contract.ts'

/** Throws misheard-code when the check digit does not fit, not-found. */
export async function lookUp(ctx: Context, code: string): Promise<LookedUp> {
  const [row] = await sql<LookedUp & { fits: boolean }>(ctx.db, 'reports/lookup', { code })
  if (!row?.fits) throw problem('misheard-code', { path: 'code' })
  if (!row.protocol) throw problem('not-found', { path: 'code' })
  return row
}
