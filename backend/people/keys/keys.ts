// Keys with which programs act for an account. They open what their scopes name and nothing of what staff may do.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Assurance, Scope } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context, Key } from '../../core/http/context.ts'
import type { Limit } from '../../core/http/limits.ts'
import { problem } from '../../core/http/problem.ts'
import { digest, newSecret, signedIn } from '../sessions.ts'
import type { ApiKey, makeKey as makeEndpoint } from './contract.ts'

/** More programs than anybody has. */
const MOST_KEYS = 20
/** Enough to know a key by, far too little to guess the rest of its 43 letters. */
const START = 12
/** One request a second: programs that send what whole companies see, not floods. */
const PER_KEY: Limit = { action: 'key', points: 600, per_s: 600 }

const TODAY = `(now() AT TIME ZONE 'Europe/Athens')::date`
const COLUMNS = [
  'id',
  'title',
  'start',
  'scopes',
  'created_at',
  'expires_on::text AS expires_on',
  'last_used_on::text AS last_used_on',
].join(', ')

const keysOf = (db: Db, accountId: string) => db('api_key').where({ account_id: accountId })

/** The account's keys, newest first. */
export const listKeys = (db: Db, accountId: string): Promise<ApiKey[]> =>
  keysOf(db, accountId).orderBy('created_at', 'desc').limit(MOST_KEYS).select(db.raw(COLUMNS))

/** Makes a key for the caller; only its hash stays. Throws too-many-keys, and invalid-input for a day that is over. */
export function makeKey(
  ctx: Context,
  { title, scopes, expires_on }: z.output<NonNullable<(typeof makeEndpoint)['body']>>,
): Promise<ApiKey & { key: string }> {
  const { accountId, grants } = signedIn(ctx)
  const key = `asty_${newSecret()}`
  return ctx.db.transaction(async (trx) => {
    // Locked, so that two requests at once do not make one key too many.
    await trx('account').where({ id: accountId }).forUpdate().first('id')
    if ((await listKeys(trx, accountId)).length >= MOST_KEYS)
      throw problem('too-many-keys', { values: { most: MOST_KEYS } })
    const [made] = await trx('api_key')
      .insert({
        account_id: accountId,
        title,
        start: key.slice(0, START),
        key_hash: digest(key),
        scopes: [...new Set(scopes)],
        // Whoever still has to prove themselves has no grants yet, and makes a key of a citizen.
        for_staff: grants.length > 0,
        expires_on: expires_on ?? null,
      })
      .returning([trx.raw(COLUMNS), trx.raw(`COALESCE(expires_on < ${TODAY}, false) AS is_over`)] as never)
    if (made.is_over) throw problem('invalid-input', { path: 'expires_on' })
    await audit(ctx, { action: 'key.make', subjectId: made.id, detail: { scopes, expires_on } }, trx)
    return { ...made, key }
  })
}

/** Takes one of the caller's keys back. Throws not-found. */
export function revokeKey(ctx: Context, id: string): Promise<void> {
  const { accountId } = signedIn(ctx)
  return ctx.db.transaction(async (trx) => {
    const gone = await keysOf(trx, accountId).whereRaw('id::text = ?', [id]).delete()
    if (gone === 0) throw problem('not-found')
    await audit(ctx, { action: 'key.revoke', subjectId: id }, trx)
  })
}

interface Row {
  id: string
  account_id: string
  name: string
  scopes: Scope[]
  for_staff: boolean
  assurance: Assurance
  is_stale: boolean
}

/** Whose key it is and what it opens; counts one use. Throws wrong-key, too-many-requests. */
export async function keyOf({ db, limits }: Pick<Context, 'db' | 'limits'>, key: string): Promise<Key> {
  const [row] = await sql<Row>(db, 'people/key', { key_hash: digest(key) })
  if (!row) throw problem('wrong-key')
  await limits.take(PER_KEY, row.id)
  // To the day: a write for every request would make reading expensive.
  if (row.is_stale)
    await db('api_key')
      .where({ id: row.id })
      .update({ last_used_on: db.raw(TODAY) })
  const { account_id: accountId, name, scopes, for_staff: forStaff, assurance } = row
  return { accountId, name, scopes, forStaff, assurance }
}
