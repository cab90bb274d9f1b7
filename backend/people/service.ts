import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Named } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import type { Actor, Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Role, Session } from './contract.ts'
import { permissionsOf } from './permissions.ts'

/** A working day and the evening after it. */
export const SESSION_S = 12 * 60 * 60

interface AccountRow {
  id: string
  email: string
  name: string
  role: Role
  password_hash: string | null
  department_id: string | null
  crew_id: string | null
  department: Named | null
  crew: Named | null
}

const digest = (token: string) => createHash('sha256').update(token).digest()

const accounts = (db: Db) =>
  db('account as a')
    .leftJoin('department as d', 'd.id', 'a.department_id')
    .leftJoin('crew as c', 'c.id', 'a.crew_id')
    .select<AccountRow[]>(
      'a.*',
      db.raw(`CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END AS department`),
      db.raw(`CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('slug', c.slug, 'title', c.title) END AS crew`),
    )

// Verified against when the account does not exist, so that the answer takes as long.
const nobody = hash('no account has this password')

/** Checks e-mail and password and opens a session. Returns the token for the cookie. Throws wrong-credentials. */
export async function signIn(
  ctx: Context,
  email: string,
  password: string,
): Promise<{ token: string; session: Session }> {
  const account = await accounts(ctx.db).where('a.email', email.trim().toLowerCase()).first()
  const right = await verify(account?.password_hash ?? (await nobody), password)
  if (!account || !right) throw problem('wrong-credentials')
  const token = randomBytes(32).toString('base64url')
  await ctx.db('session').where('expires_at', '<', ctx.db.fn.now()).delete()
  await ctx.db('session').insert({
    token_hash: digest(token),
    account_id: account.id,
    expires_at: new Date(Date.now() + SESSION_S * 1000),
  })
  return { token, session: sessionOf(account) }
}

/** Ends the session of a cookie. */
export async function signOut(ctx: Context, token: string): Promise<void> {
  await ctx
    .db('session')
    .where({ token_hash: digest(token) })
    .delete()
}

const accountOfToken = (db: Db, token: string) =>
  accounts(db)
    .join('session as s', 's.account_id', 'a.id')
    .where('s.token_hash', digest(token))
    .where('s.expires_at', '>', db.fn.now())
    .first()

/** Who holds this cookie; null when nobody does any more. */
export async function actorOf(db: Db, token: string): Promise<Actor | null> {
  const account = await accountOfToken(db, token)
  return account
    ? {
        accountId: account.id,
        name: account.name,
        role: account.role,
        departmentId: account.department_id,
        crewId: account.crew_id,
        permissions: permissionsOf[account.role],
      }
    : null
}

/** The account behind the caller's session, as it may see itself. */
export async function whoAmI(ctx: Context): Promise<Session> {
  if (!ctx.actor) return { account: null }
  const account = await accounts(ctx.db).where('a.id', ctx.actor.accountId).first()
  return account ? sessionOf(account) : { account: null }
}

function sessionOf({ id, email, name, role, department, crew }: AccountRow): Session {
  return { account: { id, email, name, role, department, crew, permissions: [...permissionsOf[role]] } }
}

/** Departments with their crews, by Greek title. */
export async function listDepartments(ctx: Context) {
  const departments = await ctx
    .db('department')
    .select('slug', 'title', 'phone', 'is_central_desk')
    .orderByRaw(`title->>'el'`)
    .limit(500)
  const crews = await ctx
    .db('crew as c')
    .join('department as d', 'd.id', 'c.department_id')
    .select('c.slug', 'c.title', 'd.slug as department')
    .orderByRaw(`c.title->>'el'`)
    .limit(2000)
  return { departments, crews }
}

export const hashPassword = (password: string): Promise<string> => hash(password)
