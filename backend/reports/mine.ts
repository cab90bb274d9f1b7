// A citizen's own reports: of the account, of the proven address, of this device once it is joined.
import type { Knex } from 'knex'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { emailOfLink, ownAddress } from '../people/service.ts'
import type { OwnReport } from './reporter/contract.ts'
import { asFeature, OWN_PROPERTIES, PUBLIC_PROPERTIES, reports } from './service.ts'

const MOST = 500

type Row = Omit<OwnReport, 'follow_url' | 'is_support'> & { follow_token: string }
type Which = (query: Knex.QueryBuilder) => void

async function list(ctx: Context, ofReports: Which, ofSupports: Which): Promise<OwnReport[]> {
  const own = reports(ctx.db)
    .select(...asFeature(ctx.db, OWN_PROPERTIES), 'r.follow_token')
    .where(ofReports)
    .orderBy('r.created_at', 'desc')
    .limit(MOST)
  const supported = reports(ctx.db)
    .join('report_support as s', 's.report_id', 'r.id')
    .select(...asFeature(ctx.db, PUBLIC_PROPERTIES), 's.follow_token')
    .where(ofSupports)
    .orderBy('s.created_at', 'desc')
    .limit(MOST)
  const asOwn = (isSupport: boolean) => ({ follow_token, ...row }: Row) => ({
    ...row,
    follow_url: `${ctx.baseUrl}/follow/${follow_token}`,
    is_support: isSupport,
  }) // prettier-ignore
  const rows = [...(await own).map(asOwn(false)), ...(await supported).map(asOwn(true))]
  return rows.sort((a, b) => Date.parse(b.properties.created_at) - Date.parse(a.properties.created_at)).slice(0, MOST)
}

const withAddress = (email: string) => (query: Knex.QueryBuilder) =>
  query.whereRaw(`lower(r.contact->>'email') = ? AND r.contact IS NOT NULL`, [email])
const supportedWithAddress = (email: string) => (query: Knex.QueryBuilder) =>
  query.whereRaw(`lower(s.email) = ? AND s.email IS NOT NULL`, [email])

/** Conditions on r for reports sent by the caller's account, joined to it, or sent with its proven address; on s for supports. */
async function ownedBy(ctx: Context) {
  const { accountId, email } = await ownAddress(ctx)
  const either = (column: string, byAddress?: Which) => (query: Knex.QueryBuilder) => {
    query.where(column, accountId)
    if (byAddress) query.orWhere(byAddress)
  } // prettier-ignore
  return {
    ofReports: either('r.reporter_id', email ? withAddress(email) : undefined),
    ofSupports: either('s.account_id', email ? supportedWithAddress(email) : undefined),
  }
}

/** Reports of the caller, and those the caller said "me too" about; newest first. */
export async function listOwnReports(ctx: Context): Promise<OwnReport[]> {
  const { ofReports, ofSupports } = await ownedBy(ctx)
  return list(ctx, ofReports, ofSupports)
}

/** Ids of everything that the caller gave. */
export async function ownIds(ctx: Context): Promise<{ reportIds: string[]; supportIds: string[] }> {
  const { ofReports, ofSupports } = await ownedBy(ctx)
  return {
    reportIds: await ctx.db('report as r').where(ofReports).pluck('r.id'),
    supportIds: await ctx.db('report_support as s').where(ofSupports).pluck('s.id'),
  }
}

/** Reports sent, or followed, with the address that a mailed link went to. Throws not-found. */
export async function listLinkedReports(ctx: Context, token: string): Promise<OwnReport[]> {
  const email = await emailOfLink(ctx.db, token)
  return list(ctx, withAddress(email), supportedWithAddress(email))
}

/** Joins reports to the caller's account; whoever has a private link has the report. Returns how many were joined. */
export async function claimReports(ctx: Context, tokens: string[]): Promise<{ claimed: number }> {
  const { accountId } = await ownAddress(ctx)
  return ctx.db.transaction(async (trx) => {
    const reports = await trx('report')
      .whereIn('follow_token', tokens)
      .whereNull('reporter_id')
      .update({ reporter_id: accountId })
    const supports = await sql(trx, 'reports/claim_supports', { account_id: accountId, tokens })
    return { claimed: reports + supports.length }
  })
}
