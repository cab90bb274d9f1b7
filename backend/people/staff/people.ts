// Members of staff: invited, never self-registered; roles given and taken back.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { GrantInput } from '../contract.ts'
import { addGrant, grantsOf } from '../grants.ts'
import { type PasswordLink, passwordLink } from '../passwordlinks.ts'
import { signedIn } from '../sessions.ts'
import type { Invitation, Person } from './contract.ts'

const INVITATION_HOURS = 7 * 24

/** Makes an account with roles and a link to choose its password. Throws already-known, unknown-department, unknown-area. */
export function invite(ctx: Context, { email, name, grants }: z.output<typeof Invitation>): Promise<PasswordLink> {
  return ctx.db.transaction(async (trx) => {
    const [account] = await trx('account').insert({ email, name }).onConflict('email').ignore().returning('id')
    if (!account) throw problem('already-known', { path: 'email' })
    for (const [index, grant] of grants.entries())
      await addGrant(trx, account.id, grant, signedIn(ctx).accountId, `grants.${index}.`)
    await audit(ctx, { action: 'people.invite', subjectId: account.id, detail: { grants } }, trx)
    return passwordLink(ctx, trx, account.id, INVITATION_HOURS)
  })
}

/** Members of staff by name; or the account with an address, staff or not. */
export const listPeople = (ctx: Context, email?: string): Promise<Person[]> =>
  people(ctx.db, (query) =>
    email ? query.where({ email }) : query.whereRaw('EXISTS (SELECT FROM role_grant AS g WHERE g.account_id = a.id)'),
  )

async function people(db: Db, which: (query: ReturnType<typeof rows>) => unknown): Promise<Person[]> {
  const query = rows(db)
  which(query)
  const found = await query
  const grants = await grantsOf(
    db,
    found.map(({ id }) => id),
  )
  return found.map((person) => ({ ...person, grants: grants.filter(({ account_id }) => account_id === person.id) }))
}

const rows = (db: Db) =>
  db('account as a')
    .orderBy('a.name')
    .limit(2000)
    .select<Omit<Person, 'grants'>[]>(
      'a.id',
      'a.email',
      'a.name',
      db.raw('a.password_hash IS NULL AS is_invited'),
      db.raw('a.disabled_at IS NOT NULL AS is_disabled'),
      db.raw(
        'EXISTS (SELECT FROM second_factor AS f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL) AS has_second_factor',
      ),
    )

async function one(db: Db, id: string): Promise<Person> {
  const [person] = await people(db, (query) => query.where('a.id', id))
  if (!person) throw problem('not-found')
  return person
}

/** Gives a role. Throws not-found, unknown-department, unknown-area. */
export function grantRole(ctx: Context, id: string, grant: GrantInput): Promise<Person> {
  return ctx.db.transaction(async (trx) => {
    await one(trx, id)
    await addGrant(trx, id, grant, signedIn(ctx).accountId)
    await audit(ctx, { action: 'people.grant', subjectId: id, detail: { ...grant } }, trx)
    return one(trx, id)
  })
}

/** Takes a role back at once. Throws not-found, last-administrator. */
export function revokeGrant(ctx: Context, id: string, grantId: string): Promise<Person> {
  return ctx.db.transaction(async (trx) => {
    const ended = await trx('role_grant')
      .where({ id: grantId, account_id: id, revoked_at: null })
      .update({ revoked_at: trx.fn.now() })
    if (ended === 0) throw problem('not-found')
    await keepAnAdministrator(trx)
    await audit(ctx, { action: 'people.revoke', subjectId: id, detail: { grant: grantId } }, trx)
    return one(trx, id)
  })
}

/** Closes or reopens an account; closing ends its sessions. Throws not-found, last-administrator. */
export function disablePerson(ctx: Context, id: string, isDisabled: boolean): Promise<Person> {
  return ctx.db.transaction(async (trx) => {
    const found = await trx('account')
      .where({ id })
      .update({ disabled_at: isDisabled ? trx.fn.now() : null })
    if (found === 0) throw problem('not-found')
    if (isDisabled) await trx('session').where({ account_id: id }).delete()
    await keepAnAdministrator(trx)
    await audit(ctx, { action: isDisabled ? 'people.disable' : 'people.enable', subjectId: id }, trx)
    return one(trx, id)
  })
}

/** Signs a person out everywhere. Throws not-found. */
export function endSessions(ctx: Context, id: string): Promise<{ ended: number }> {
  return ctx.db.transaction(async (trx) => {
    await one(trx, id)
    const ended = await trx('session').where({ account_id: id }).delete()
    await audit(ctx, { action: 'people.end-sessions', subjectId: id, detail: { ended } }, trx)
    return { ended }
  })
}

/** An installation that nobody can administer would be lost. */
async function keepAnAdministrator(trx: Db): Promise<void> {
  const left = await trx('role_grant as g')
    .join('account as a', 'a.id', 'g.account_id')
    .where({ 'g.role': 'administrator', 'g.revoked_at': null, 'a.disabled_at': null })
    .whereRaw(`COALESCE(g.valid_to, 'infinity') >= (now() AT TIME ZONE 'Europe/Athens')::date`)
    .first('g.id')
  if (!left) throw problem('last-administrator')
}
