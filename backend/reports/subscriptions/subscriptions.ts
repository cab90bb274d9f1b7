// New public reports that people want to hear of.
import { randomBytes } from 'node:crypto'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { isStaff } from '../categories/filing.ts'
import { actorOf } from '../service.ts'
import { type Choices, MOST_SUBSCRIPTIONS, type Subscription, type SubscriptionInput } from './contract.ts'

const TOKEN_BYTES = 18

/** What an account wants to hear of, newest first. */
export const subscriptionsOf = (db: Db, accountId: string, id: string | null = null): Promise<Subscription[]> =>
  sql<Subscription>(db, 'reports/subscriptions', { account_id: accountId, id })

/** What the caller wants to hear of, and may. */
export async function listSubscriptions(ctx: Context): Promise<Choices & { subscriptions: Subscription[] }> {
  const [subscriptions, categories, areas] = await Promise.all([
    subscriptionsOf(ctx.db, actorOf(ctx).accountId),
    categoriesFor(ctx),
    sql<Choices['areas'][number]>(ctx.db, 'reports/subscription_areas', {}),
  ])
  return { subscriptions, categories, areas }
}

/** Public categories that the caller may hear of, with their groups. */
async function categoriesFor(
  ctx: Context,
  db: Db = ctx.db,
): Promise<(Choices['categories'][number] & { id: string })[]> {
  const open = (await isStaff(ctx)) ? ['everybody', 'staff'] : ['everybody']
  return db('category as c')
    .leftJoin('category as p', 'p.id', 'c.parent_id')
    .whereNull('c.retired_at')
    .whereNull('p.retired_at')
    .where((q) =>
      q.whereNull('c.parent_id').orWhere((own) => own.where('c.is_public', true).whereIn('c.may_subscribe', open)),
    )
    .orderBy(['c.rank', 'c.id'])
    .limit(1000)
    .select('c.id', 'c.slug', 'c.title', 'p.slug as parent')
}

/** From now on the caller is told of these. Throws contact-unproven, too-many-subscriptions, unknown-category, unknown-area. */
export function addSubscription(ctx: Context, input: SubscriptionInput): Promise<Subscription> {
  const { accountId } = actorOf(ctx)
  return ctx.db.transaction(async (trx) => {
    await becomeSubscriber(ctx, trx, accountId)
    const row = { account_id: accountId, ...(await whatOf(ctx, trx, input)), is_daily: input.is_daily }
    const [made] = await trx('subscription').insert(row).onConflict(SAME).merge(['is_daily']).returning('id')
    const [{ count }] = await trx('subscription')
      .where({ account_id: accountId })
      .select(trx.raw('count(*)::int AS count'))
    if (count > MOST_SUBSCRIPTIONS) throw problem('too-many-subscriptions', { values: { most: MOST_SUBSCRIPTIONS } })
    return (await subscriptionsOf(trx, accountId, made.id))[0] as Subscription
  })
}

const SAME = ['account_id', 'category_id', 'area_layer', 'area_slug', 'geom', 'radius_m']

/** Letters go to a proven address, in the language of this page. One after the other for one account: the count must hold. */
async function becomeSubscriber(ctx: Context, trx: Db, account_id: string): Promise<void> {
  const account = await trx('account').where({ id: account_id }).forNoKeyUpdate().first('email', 'email_verified_at')
  if (!account?.email || !account.email_verified_at) throw problem('contact-unproven')
  await trx('subscriber')
    .insert({
      account_id,
      token: randomBytes(TOKEN_BYTES).toString('base64url'),
      language: ctx.language,
      source: ctx.baseUrl,
    })
    .onConflict('account_id')
    .merge(['language', 'source'])
}

async function whatOf(ctx: Context, trx: Db, { category, area, around }: SubscriptionInput) {
  const offered = category === null ? null : (await categoriesFor(ctx, trx)).find(({ slug }) => slug === category)
  if (offered === undefined) throw problem('unknown-category', { values: { category }, path: 'category' })
  if (area) await demandArea(trx, area)
  return {
    category_id: offered?.id ?? null,
    area_layer: area?.layer ?? null,
    area_slug: area?.slug ?? null,
    geom: around && trx.raw('ST_SetSRID(ST_MakePoint(?, ?), 4326)', around.point.coordinates),
    radius_m: around?.radius_m ?? null,
  }
}

async function demandArea(trx: Db, { layer, slug }: NonNullable<SubscriptionInput['area']>): Promise<void> {
  const areas = await sql<Choices['areas'][number]>(trx, 'reports/subscription_areas', {})
  if (!areas.some((each) => each.layer === layer && each.slug === slug)) throw problem('unknown-area', { path: 'area' })
}

/** Throws not-found, also for what is somebody else's. */
export async function removeSubscription(ctx: Context, id: string): Promise<void> {
  const gone = await ctx
    .db('subscription')
    .where({ id, account_id: actorOf(ctx).accountId })
    .delete()
  if (gone === 0) throw problem('not-found')
}

/** Ends everything of the account that this token was mailed to. Again it changes nothing, and a wrong one tells nothing. */
export async function unsubscribe({ db }: Context, token: string): Promise<void> {
  await db('subscriber').where({ token }).delete()
}
