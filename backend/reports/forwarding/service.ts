// Administrators say which categories are forwarded to whom, and look after what did not arrive.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { localised, type TextKey } from '../../core/i18n/text.ts'
import { isSafeTarget } from '../../core/outside.ts'
import type { Sealer } from '../../core/secrets.ts'
import type { addEndpoint as addContract, changeEndpoint as changeContract, Forward, ForwardingEndpoint, mapCategories as mapContract, RemoteService } from './contract.ts' // prettier-ignore
import { FarEndError, readServices } from './farend.ts'
import { farEndOf, forwardJob } from './send.ts'

const MOST_ENDPOINTS = 50
const MOST_FORWARDS = 100

type Input = z.output<NonNullable<(typeof addContract)['body']>>
type Change = z.output<NonNullable<(typeof changeContract)['body']>>
type Mappings = z.output<NonNullable<(typeof mapContract)['body']>>['categories']

const endpoints = (db: Db) =>
  db('open311_endpoint as e').select(
    'e.id',
    'e.title',
    'e.url',
    'e.jurisdiction_id',
    'e.last_error',
    db.raw('e.api_key IS NOT NULL AS has_key'),
    db.raw(`COALESCE((SELECT jsonb_agg(jsonb_build_object('category', c.slug, 'service_code', m.service_code, 'sends_contact', m.sends_contact) ORDER BY c.id)
                        FROM open311_mapping AS m JOIN category AS c ON c.id = m.category_id WHERE m.endpoint_id = e.id), '[]') AS categories`),
  ) // prettier-ignore

/** Bodies that get reports from us, the oldest first. */
export const listEndpoints = ({ db }: Context): Promise<ForwardingEndpoint[]> =>
  endpoints(db).orderBy('e.id').limit(MOST_ENDPOINTS)

async function endpointOf(db: Db, id: string): Promise<ForwardingEndpoint> {
  const found = await endpoints(db).where('e.id', id).first()
  if (!found) throw problem('not-found')
  return found
}

function demandSafe(url: string): void {
  const { search } = new URL(url)
  if (!isSafeTarget(url) || search) throw problem('unsafe-target', { path: 'url' })
}

/** As columns; what is not said stays. */
const columnsOf = ({ api_key, url, ...rest }: Change, ctx: Context) => ({
  ...rest,
  ...(url !== undefined && { url: url.replace(/\/+$/, '') }),
  ...(api_key !== undefined && { api_key: api_key ? ctx.sealer.seal(api_key) : null }),
  source: ctx.baseUrl,
})

/** Adds one. Throws unsafe-target, too-many-webhooks. */
export function addEndpoint(ctx: Context, input: Input): Promise<ForwardingEndpoint> {
  demandSafe(input.url)
  return ctx.db.transaction(async (trx) => {
    const [{ count }] = await trx('open311_endpoint').select(trx.raw('count(*)::int AS count'))
    if (count >= MOST_ENDPOINTS) throw problem('too-many-webhooks', { values: { most: MOST_ENDPOINTS } })
    const [{ id }] = await trx('open311_endpoint').insert(columnsOf(input, ctx)).returning('id')
    const { api_key: _, ...detail } = input
    await audit(ctx, { action: 'forwarding.add', subjectId: id, detail }, trx)
    return endpointOf(trx, id)
  })
}

/** Changes one; it is asked for updates at once, also when it had none before. Throws unsafe-target, not-found. */
export function changeEndpoint(ctx: Context, id: string, change: Change): Promise<ForwardingEndpoint> {
  if (change.url) demandSafe(change.url)
  return ctx.db.transaction(async (trx) => {
    await trx('open311_endpoint')
      .where({ id })
      .update({ ...columnsOf(change, ctx), has_updates: true, failures: 0, last_error: null, read_after: trx.fn.now() })
    const { api_key: _, ...detail } = change
    await audit(ctx, { action: 'forwarding.change', subjectId: id, detail: { ...detail, has_new_key: change.api_key !== undefined } }, trx) // prettier-ignore
    return endpointOf(trx, id)
  })
}

/** Removes one with all that was on its way there. Throws not-found. */
export function removeEndpoint(ctx: Context, id: string): Promise<void> {
  return ctx.db.transaction(async (trx) => {
    if ((await trx('open311_endpoint').where({ id }).delete()) === 0) throw problem('not-found')
    await audit(ctx, { action: 'forwarding.remove', subjectId: id }, trx)
  })
}

/** What can be requested there. Throws far-end-failed, not-found. */
export async function listRemoteServices(ctx: Context, id: string): Promise<RemoteService[]> {
  const row = await ctx.db('open311_endpoint').where({ id }).first()
  if (!row) throw problem('not-found')
  try {
    return await readServices(farEndOf(row, ctx), ctx.language)
  } catch (error) {
    if (!(error instanceof FarEndError)) throw error
    const reason = localised(`far_end.${error.reason}` as TextKey)
    throw problem('far-end-failed', { values: (language) => ({ reason: reason[language] }) })
  }
}

/** Says anew what is forwarded there; what another body got before goes here from now on. Throws unknown-category, not-found. */
export function mapCategories(ctx: Context, id: string, mappings: Mappings): Promise<ForwardingEndpoint> {
  return ctx.db.transaction(async (trx) => {
    await endpointOf(trx, id)
    await trx('open311_mapping').where({ endpoint_id: id }).delete()
    for (const [index, { category, ...rest }] of mappings.entries()) {
      const row = await trx('category').where({ slug: category }).whereNotNull('parent_id').first('id')
      if (!row) throw problem('unknown-category', { values: { category }, path: `categories.${index}.category` })
      await trx('open311_mapping')
        .insert({ category_id: row.id, endpoint_id: id, ...rest })
        .onConflict('category_id')
        .merge()
    }
    await audit(ctx, { action: 'forwarding.map', subjectId: id, detail: { categories: mappings } }, trx)
    return endpointOf(trx, id)
  })
}

const forwards = (db: Db) =>
  db('report_forward as f')
    .join('report as r', 'r.id', 'f.report_id')
    .join('case_record as k', 'k.id', 'r.id')
    .join('category as c', 'c.id', 'r.category_id')
    .join('open311_endpoint as e', 'e.id', 'f.endpoint_id')
    .select('f.id', 'f.report_id', 'k.protocol', 'e.title as endpoint', 'f.state', 'f.attempts', 'f.created_at')
    .select('f.last_attempt_at', 'f.last_error', 'f.last_status', 'f.last_words', 'f.remote_id')
    .select(db.raw(`jsonb_build_object('slug', c.slug, 'title', c.title) AS category`))

/** What is in this state, the newest first. */
export const listForwards = ({ db }: Context, state: Forward['state']): Promise<Forward[]> =>
  forwards(db)
    .where('f.state', state)
    .orderBy([
      { column: 'f.created_at', order: 'desc' },
      { column: 'f.id', order: 'desc' },
    ])
    .limit(MOST_FORWARDS)

/** Sends again what was given up. Throws not-found, also for what is on its way or has arrived. */
export function retryForward(ctx: Context, id: string): Promise<Forward> {
  return ctx.db.transaction(async (trx) => {
    const found = await trx('report_forward').where({ id, state: 'failed' }).update({ state: 'waiting', attempts: 0 })
    if (found === 0) throw problem('not-found')
    await ctx.jobs.send(trx, forwardJob, { id })
    await audit(ctx, { action: 'forwarding.retry', subjectId: id }, trx)
    return forwards(trx).where('f.id', id).first()
  })
}

/** Seals the keys anew that an older key of the installation has sealed. Returns how many. */
export function resealEndpoints(db: Db, sealer: Sealer): Promise<number> {
  return db.transaction(async (trx) => {
    const rows: { id: string; api_key: Buffer }[] = await trx('open311_endpoint')
      .whereNotNull('api_key')
      .select('id', 'api_key')
      .forUpdate()
    const old = rows.filter(({ api_key }) => !sealer.isCurrent(api_key))
    for (const { id, api_key } of old)
      await trx('open311_endpoint')
        .where({ id })
        .update({ api_key: sealer.seal(sealer.open(api_key)) })
    return old.length
  })
}
