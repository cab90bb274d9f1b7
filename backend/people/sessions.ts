// Signed-in browsers: opaque tokens, hashed at rest; idle and absolute limits.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { type Db, planned } from '../core/db/connect.ts'
import { sqlText } from '../core/db/sql.ts'
import type { Actor, Context, Grant } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { JobKind } from '../core/jobs.ts'
import { type Assurance, assurances, type Permission } from '../core/contract.ts'
import type { Role, Session } from './contract.ts'
import { grantsOf } from './grants.ts'
import { permissionsOf } from './permissions.ts'

/** Staff: a working day and the evening after it. Citizens: a month. */
const STAFF = { absolute_s: 12 * 60 * 60, idle_s: 2 * 60 * 60 }
const CITIZEN = { absolute_s: 30 * 24 * 60 * 60, idle_s: 14 * 24 * 60 * 60 }

/** More browsers than anybody has at hand; the one unused for longest goes when another comes. */
const MOST_SESSIONS = 20

/** 'provider': an identity provider that asks for a second factor itself. */
const SECOND_FACTORS = ['totp', 'recovery', 'passkey', 'provider']

/** What was proven to open or to strengthen a session. */
export type Factor = 'password' | 'totp' | 'recovery' | 'passkey' | 'oidc' | 'provider'

interface Row {
  account_id: string
  name: string
  session_id: string
  factors: Factor[]
  assurance: Assurance
  is_stale: boolean
  authenticated_at: string
  needs_second: boolean
  has_second: boolean
  grants: (Pick<Grant, 'departmentId' | 'crewId' | 'area'> & { role: Role })[]
}

/** The hash under which a secret is kept; the secrets are random, so a slow hash would add nothing. */
export const digest = (secret: string) => createHash('sha256').update(secret).digest()

export const newSecret = () => randomBytes(32).toString('base64url')

/** What a page must send with every change: proof that it could read our answer, which other sites cannot. */
export const csrfOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url')

export interface NewSession {
  token: string
  /** Seconds until it ends at the latest. */
  maxAge_s: number
}

/** Sessions, links and codes that have run out. */
export const sweepJob: JobKind<null> = {
  queue: 'sweep',
  limit_s: 300,
  every_s: 3600,
  work: async ({ db }) => {
    await db('session').where('expires_at', '<', db.fn.now()).delete()
    await db('one_time_token').where('expires_at', '<', db.fn.now()).delete()
  },
}

/** Opens a session for an account. */
export async function openSession(
  db: Db,
  accountId: string,
  factors: Factor[],
  browser: string,
  assurance: Assurance = 'anonymous',
): Promise<NewSession> {
  const token = newSecret()
  const isStaff = (await grantsOf(db, [accountId])).length > 0
  const { absolute_s, idle_s } = isStaff ? STAFF : CITIZEN
  const proven = await db('account')
    .where({ id: accountId })
    .whereRaw('COALESCE(email_verified_at, phone_verified_at) IS NOT NULL')
    .first('id')
  await db('session').insert({
    token_hash: digest(token),
    account_id: accountId,
    factors,
    assurance: assurance === 'anonymous' && proven ? 'verified_contact' : assurance,
    idle_s,
    browser: browser.slice(0, 200),
    expires_at: db.raw('now() + make_interval(secs => ?)', [absolute_s]),
  })
  await db('session')
    .where({ account_id: accountId })
    .whereNot({ token_hash: digest(token) })
    .whereNotIn(
      'id',
      db('session').where({ account_id: accountId }).orderBy('last_seen_at', 'desc').limit(MOST_SESSIONS).select('id'),
    )
    .delete()
  return { token, maxAge_s: absolute_s }
}

/** Gives a session a new token and what was proven since; the old token is worth nothing from then on. */
export async function strengthenSession(db: Db, token: string, factor: Factor): Promise<NewSession> {
  const fresh = newSecret()
  const [row] = await db('session')
    .where({ token_hash: digest(token) })
    .update({
      token_hash: digest(fresh),
      factors: db.raw(`array_append(array_remove(factors, ?), ?)`, [factor, factor]),
      authenticated_at: db.fn.now(),
    })
    .returning(db.raw('extract(epoch FROM expires_at - now())::int AS left_s'))
  if (!row) throw problem('sign-in-needed')
  return { token: fresh, maxAge_s: row.left_s }
}

/** Gives a session a new token and at least this assurance; the old token is worth nothing from then on. */
export async function raiseSession(db: Db, sessionId: string, assurance: Assurance): Promise<NewSession> {
  const fresh = newSecret()
  const [row] = await db('session')
    .where({ id: sessionId })
    .update({ token_hash: digest(fresh), assurance: db.raw(HIGHER, [[...assurances], assurance]) })
    .returning(db.raw('extract(epoch FROM expires_at - now())::int AS left_s'))
  if (!row) throw problem('sign-in-needed')
  return { token: fresh, maxAge_s: row.left_s }
}

const HIGHER = `(SELECT level FROM unnest(?::text[]) WITH ORDINALITY AS known (level, rank)
                  WHERE level IN (session.assurance, ?) ORDER BY rank DESC LIMIT 1)`

export async function closeSession(db: Db, token: string): Promise<void> {
  await db('session')
    .where({ token_hash: digest(token) })
    .delete()
}

async function find(db: Db, token: string): Promise<Row | undefined> {
  const text = sqlText('people/actor')
  const { rows } = await db.raw(text, { token_hash: digest(token) }).options(planned(db, 'people/actor'))
  return rows[0]
}

const needsOf = ({ grants, factors, needs_second, has_second }: Row): Session['needs'] => {
  if (factors.some((factor) => SECOND_FACTORS.includes(factor))) return null
  if (has_second) return 'second_factor'
  return needs_second && grants.length > 0 ? 'enrolment' : null
}

/** Who holds this cookie, with what the session has proven; null when nobody does any more. */
export async function actorOf(db: Db, token: string): Promise<Actor | null> {
  const row = await find(db, token)
  if (!row) return null
  if (row.is_stale)
    await db('session')
      .where({ token_hash: digest(token) })
      .update({ last_seen_at: db.fn.now() })
  const needs = needsOf(row)
  const grants = needs ? [] : row.grants.map(({ role, ...grant }) => ({ ...grant, ...powersOf(role) }))
  return {
    accountId: row.account_id,
    sessionId: row.session_id,
    name: row.name,
    needs,
    assurance: row.assurance,
    grants,
    permissions: [...new Set(grants.flatMap(({ permissions }) => permissions))],
    authenticatedAt: new Date(row.authenticated_at),
  }
}

/** What a role may do. */
/** Names of the roles with a permission, and of those that no department limits. */
export function rolesWith(permission: Permission): { roles: Role[]; unlimited: Role[] } {
  const roles = (Object.keys(permissionsOf) as Role[]).filter((role) => permissionsOf[role].includes(permission))
  return { roles, unlimited: roles.filter((role) => powersOf(role).isUnlimited) }
}

export const powersOf = (role: Role) => ({ permissions: permissionsOf[role], isUnlimited: role === 'administrator' })

/** The account behind a token, as it may see itself. */
export async function sessionOf(db: Db, token: string | undefined): Promise<Session> {
  const actor = token ? await actorOf(db, token) : null
  if (!token || !actor) return { account: null, needs: null, assurance: 'anonymous', csrf: null }
  const account = await db('account as a')
    .leftJoin('second_factor as f', (on) => on.on('f.account_id', 'a.id').andOnNotNull('f.confirmed_at'))
    .where('a.id', actor.accountId)
    .first('a.id', 'a.email', 'a.phone', 'a.name', db.raw('f.account_id IS NOT NULL AS has_second_factor'))
  const grants = (await grantsOf(db, [actor.accountId])).map(({ account_id: _, ...grant }) => grant)
  return {
    account: { ...account, grants, permissions: [...actor.permissions] },
    needs: actor.needs,
    assurance: actor.assurance,
    csrf: csrfOf(token),
  }
}

/** The caller's open sessions, the one used last first. */
export async function listSessions(ctx: Context) {
  const { accountId, sessionId } = signedIn(ctx)
  const rows = await ctx
    .db('session')
    .where({ account_id: accountId })
    .whereRaw('expires_at > now() AND last_seen_at > now() - make_interval(secs => idle_s)')
    .orderBy('last_seen_at', 'desc')
    .limit(100)
    .select('id', 'browser', 'created_at', 'last_seen_at', 'factors')
  return rows.map((row) => ({ ...row, is_this: row.id === sessionId }))
}

/** Ends one of the caller's sessions. Throws not-found. */
export async function endSession(ctx: Context, id: string): Promise<void> {
  const ended = await ctx
    .db('session')
    .where({ id, account_id: signedIn(ctx).accountId })
    .delete()
  if (ended === 0) throw problem('not-found')
}

/** Ends all sessions of the caller but this one: what opens the account has changed. */
export async function endOtherSessions(ctx: Context, db: Db = ctx.db): Promise<void> {
  const { accountId, sessionId } = signedIn(ctx)
  await db('session').where({ account_id: accountId }).whereNot({ id: sessionId }).delete()
}

/** The caller. Throws sign-in-needed. */
export function signedIn(ctx: Context): Actor {
  if (!ctx.actor) throw problem('sign-in-needed')
  return ctx.actor
}
