// Authenticator apps (TOTP, RFC 6238) and recovery codes.
import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Sealer } from '../core/secrets.ts'
import { digest, endOtherSessions, type Factor, signedIn } from './sessions.ts'

const PERIOD_S = 30
/** Steps before and after now that count: phones' clocks are not exact (RFC 6238 section 5.2). */
const WINDOW = 1
const RECOVERY_CODES = 10
/** 24 letters of 31 are 118 bits: too many to be found from a fast hash, which is all that is kept. */
const RECOVERY_GROUPS = 6

const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer: 'Asty', label, period: PERIOD_S, digits: 6, secret: Secret.fromBase32(secret) })

/** Begins to set up an app; an app that is in use stays in use until the new one has shown a first code. Throws factor-exists. */
export async function beginSecondFactor(ctx: Context): Promise<{ secret: string; uri: string }> {
  const { accountId } = signedIn(ctx)
  const secret = new Secret({ size: 20 }).base32
  const account = await ctx.db('account').where({ id: accountId }).first('email')
  const stored = await ctx
    .db('second_factor')
    .insert({ account_id: accountId, secret: ctx.sealer.seal(secret) })
    .onConflict('account_id')
    .merge(['secret'])
    .whereNull('second_factor.confirmed_at')
    .returning('account_id')
  if (stored.length === 0) throw problem('factor-exists')
  return { secret, uri: totpOf(secret, account.email).toString() }
}

/** Takes the first code and hands out recovery codes. Throws wrong-code. */
export function finishSecondFactor(ctx: Context, code: string): Promise<{ recovery_codes: string[] }> {
  const { accountId } = signedIn(ctx)
  return ctx.db.transaction(async (trx) => {
    const isRight = await takeTotp(ctx, trx, accountId, code, false)
    if (!isRight) throw problem('wrong-code', { path: 'code' })
    await trx('second_factor').where({ account_id: accountId }).update({ confirmed_at: trx.fn.now() })
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
    await trx('recovery_code').where({ account_id: accountId }).delete()
    await endOtherSessions(ctx, trx)
    await trx('recovery_code').insert(codes.map((each) => ({ code_hash: digest(each), account_id: accountId })))
    return { recovery_codes: codes }
  })
}

/** Without letters and digits that look alike. */
const RECOVERY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

function newRecoveryCode(): string {
  const letter = () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)]
  return Array.from({ length: RECOVERY_GROUPS }, () => Array.from({ length: 4 }, letter).join('')).join('-')
}

/** Takes a code of the app or a recovery code, each once. Returns what was proven. Throws wrong-code. */
export async function takeCode(ctx: Context, trx: Db, accountId: string, code: string): Promise<Factor> {
  if (/^\d{6}$/.test(code)) {
    if (await takeTotp(ctx, trx, accountId, code, true)) return 'totp'
  } else {
    const used = await trx('recovery_code')
      .where({ account_id: accountId, code_hash: digest(code.toLowerCase()), used_at: null })
      .update({ used_at: trx.fn.now() })
    if (used > 0) return 'recovery'
  }
  throw problem('wrong-code', { path: 'code' })
}

async function takeTotp(ctx: Context, trx: Db, accountId: string, code: string, confirmed: boolean): Promise<boolean> {
  const row: { secret: Buffer } | undefined = await trx('second_factor')
    .where({ account_id: accountId })
    .whereRaw(confirmed ? 'confirmed_at IS NOT NULL' : 'confirmed_at IS NULL')
    .first('secret')
  if (!row) return false
  const timestamp = Date.now()
  const delta = totpOf(ctx.sealer.open(row.secret)).validate({ token: code, timestamp, window: WINDOW })
  if (delta === null) return false
  const step = Math.floor(timestamp / 1000 / PERIOD_S) + delta
  // RFC 6238 section 5.2: a code counts once, also when two requests bring it at the same moment.
  const taken = await trx('second_factor')
    .where({ account_id: accountId })
    .where('last_step', '<', step)
    .update({ last_step: step })
  return taken > 0
}

/** Whether the account has an app in use. */
export async function hasSecondFactor(db: Db, accountId: string): Promise<boolean> {
  const row = await db('second_factor')
    .where({ account_id: accountId })
    .whereNotNull('confirmed_at')
    .first('account_id')
  return row !== undefined
}

/** Takes the app, the recovery codes and the passkeys of an account away, and ends its sessions. */
export async function resetSecondFactor(db: Db, accountId: string): Promise<void> {
  await db.transaction(async (trx) => {
    for (const table of ['second_factor', 'recovery_code', 'passkey', 'session'])
      await trx(table).where({ account_id: accountId }).delete()
  })
}

/** Seals every secret with the newest key of the ring. Returns how many needed it. Throws when a key is missing. */
export function resealSecondFactors(db: Db, sealer: Sealer): Promise<number> {
  return db.transaction(async (trx) => {
    const rows: { account_id: string; secret: Buffer }[] = await trx('second_factor').select().forUpdate()
    const old = rows.filter(({ secret }) => !sealer.isCurrent(secret))
    await trx.raw(
      `UPDATE second_factor AS f SET secret = n.secret
         FROM unnest(:ids::bigint[], :secrets::bytea[]) AS n (id, secret)
        WHERE f.account_id = n.id`,
      {
        ids: old.map(({ account_id }) => account_id),
        secrets: old.map(({ secret }) => sealer.seal(sealer.open(secret))),
      } as never,
    )
    return old.length
  })
}
