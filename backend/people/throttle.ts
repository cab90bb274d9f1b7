// Guessing passwords. A browser that signed in before has a count of its own, so that strangers who try an account's
// passwords from many addresses cannot shut its owner out (OWASP: device cookies).
import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../core/http/context.ts'
import type { Limit } from '../core/http/limits.ts'

const PER_DEVICE: Limit = { action: 'sign-in-device', points: 10, per_s: 900 }
const PER_ADDRESS: Limit = { action: 'sign-in-address', points: 50, per_s: 900 }
const PER_ACCOUNT: Limit = { action: 'sign-in-account', points: 30, per_s: 3600 }
const PER_SESSION: Limit = { action: 'second-step', points: 10, per_s: 900 }

const keyOf = (email: string) => createHash('sha256').update(email).digest('base64url')

/** What a browser keeps after a sign-in; says which account it knows, and nothing that opens it. */
export function deviceToken(ctx: Context, email: string): string {
  const text = `${keyOf(email)}.${randomBytes(9).toString('base64url')}`
  return `${text}.${ctx.sealer.sign(text)}`
}

function isKnownDevice(ctx: Context, email: string, token: string | undefined): token is string {
  const [account = '', nonce = '', signature = ''] = token?.split('.') ?? []
  return account === keyOf(email) && ctx.sealer.isSigned(`${account}.${nonce}`, signature)
}

/** Counts a try before it is made; a good one is given back. Throws too-many-requests. */
export async function guarded<T>(
  ctx: Context,
  email: string,
  device: string | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  const counts: [Limit, string][] = isKnownDevice(ctx, email, device)
    ? [[PER_DEVICE, keyOf(device)]]
    : [
        [PER_ADDRESS, ctx.address],
        [PER_ACCOUNT, keyOf(email)],
      ]
  for (const [limit, who] of counts) await ctx.limits.take(limit, who)
  const result = await attempt()
  for (const [limit, who] of counts) await ctx.limits.giveBack(limit, who)
  return result
}

/** Codes of an account are few: six digits are guessed in a million tries. Throws too-many-requests. */
export const countCode = (ctx: Context, accountId: string): Promise<void> => ctx.limits.take(PER_SESSION, accountId)
