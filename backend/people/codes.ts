// Codes of six digits that are sent to somebody and typed back: for an address or a telephone.
import { randomInt } from 'node:crypto'
import type { Db } from '../core/db/connect.ts'
import { digest } from './sessions.ts'

type Purpose = 'verify_email' | 'verify_phone'

/** Letters may be held up on their way (greylisting), short messages are there at once. */
export const CODE_MINUTES: Record<Purpose, number> = { verify_email: 30, verify_phone: 10 }

// Six digits alone could belong to several people at once.
const hashOf = (contact: string, code: string) => digest(`${contact} ${code}`)

/** Makes a code for a contact of an account; earlier ones count no more. */
export async function makeCode(trx: Db, purpose: Purpose, accountId: string, contact: string): Promise<string> {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await trx('one_time_token').where({ account_id: accountId, purpose }).delete()
  await trx('one_time_token').insert({
    token_hash: hashOf(contact, code),
    purpose,
    account_id: accountId,
    expires_at: trx.raw('now() + make_interval(mins => ?)', [CODE_MINUTES[purpose]]),
  })
  return code
}

/** Takes a code, once: the account it was made for, or undefined. */
export async function takeContactCode(
  trx: Db,
  purpose: Purpose,
  contact: string,
  code: string,
): Promise<string | undefined> {
  const [token] = await trx('one_time_token')
    .where({ token_hash: hashOf(contact, code), purpose, used_at: null })
    .where('expires_at', '>', trx.fn.now())
    .update({ used_at: trx.fn.now() })
    .returning('account_id')
  return token?.account_id
}
