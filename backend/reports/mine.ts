// A citizen's own reports: of the account, of the proven address, of this device once it is joined.
import type { Knex } from 'knex'
import type { Context } from '../core/http/context.ts'
import { emailOfLink, ownAddress } from '../people/service.ts'
import type { OwnReport } from './contract.ts'
import { asFeature, OWN_PROPERTIES, reports } from './service.ts'

const MOST = 500

async function list(ctx: Context, which: (query: Knex.QueryBuilder) => void): Promise<OwnReport[]> {
  const query = reports(ctx.db)
    .select(...asFeature(ctx.db, OWN_PROPERTIES), 'r.follow_token')
    .orderBy('r.created_at', 'desc')
    .limit(MOST)
  which(query)
  const rows: (Omit<OwnReport, 'follow_url'> & { follow_token: string })[] = await query
  return rows.map(({ follow_token, ...row }) => ({ ...row, follow_url: `${ctx.baseUrl}/follow/${follow_token}` }))
}

/** Reports sent by the caller's account, joined to it, or sent with its proven address; newest first. */
export async function listOwnReports(ctx: Context): Promise<OwnReport[]> {
  const { accountId, email } = await ownAddress(ctx)
  return list(ctx, (query) =>
    query.where((q) => {
      q.where('r.reporter_id', accountId)
      if (email) q.orWhereRaw(`(lower(r.contact->>'email') = ? AND r.contact IS NOT NULL)`, [email])
    }),
  )
}

/** Reports sent with the address that a mailed link went to. Throws not-found. */
export async function listLinkedReports(ctx: Context, token: string): Promise<OwnReport[]> {
  const email = await emailOfLink(ctx.db, token)
  return list(ctx, (query) => query.whereRaw(`lower(r.contact->>'email') = ? AND r.contact IS NOT NULL`, [email]))
}

/** Joins reports to the caller's account; whoever has a private link has the report. Returns how many were joined. */
export async function claimReports(ctx: Context, tokens: string[]): Promise<{ claimed: number }> {
  const { accountId } = await ownAddress(ctx)
  const claimed = await ctx
    .db('report')
    .whereIn('follow_token', tokens)
    .whereNull('reporter_id')
    .update({ reporter_id: accountId })
  return { claimed }
}
