// A telephone of one's own: it counts once a code sent there has come back.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Context } from '../core/http/context.ts'
import type { Limit } from '../core/http/limits.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { smsJob } from '../core/sms.ts'
import { CODE_MINUTES, makeCode, takeContactCode } from './codes.ts'
import { endOtherSessions, type NewSession, raiseSession, signedIn } from './sessions.ts'
import { countCode } from './throttle.ts'

// Short messages cost money, and somebody may earn by them: few to a number, few from an account, an end for all together.
const PER_ACCOUNT: Limit = { action: 'sms-account', points: 5, per_s: 86_400 }
const PER_NUMBER: Limit = { action: 'sms-number', points: 5, per_s: 86_400 }
const TOGETHER: Limit = { action: 'sms', points: 1000, per_s: 86_400 }

/** E.164 of a mobile telephone; Greek unless it says otherwise. Throws not-a-mobile. */
function mobileOf(typed: string): string {
  const number = parsePhoneNumberFromString(typed, 'GR')
  if (!number?.isValid() || !['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(number.getType() ?? ''))
    throw problem('not-a-mobile', { path: 'phone' })
  return number.number
}

/** Sends a code to a telephone. Throws not-a-mobile, too-many-requests. */
export async function sendPhoneCode(ctx: Context, typed: string): Promise<void> {
  const { accountId } = signedIn(ctx)
  const phone = mobileOf(typed)
  await ctx.limits.take(PER_ACCOUNT, accountId)
  await ctx.limits.take(PER_NUMBER, phone)
  await ctx.limits.take(TOGETHER, 'all')
  await ctx.db.transaction(async (trx) => {
    const code = await makeCode(trx, 'verify_phone', accountId, phone)
    const words = text(ctx.language, 'sms.code', { code, minutes: CODE_MINUTES.verify_phone })
    await ctx.jobs.send(trx, smsJob, { to: phone, text: words })
  })
}

/** Takes the code: the telephone is theirs from now on, in place of an earlier one; other sessions end. Throws wrong-code. */
export async function verifyPhone(ctx: Context, typed: string, code: string): Promise<NewSession> {
  const { accountId, sessionId } = signedIn(ctx)
  const phone = mobileOf(typed)
  await countCode(ctx, accountId)
  return ctx.db.transaction(async (trx) => {
    if ((await takeContactCode(trx, 'verify_phone', phone, code)) !== accountId)
      throw problem('wrong-code', { path: 'code' })
    await trx('account').where({ id: accountId }).update({ phone, phone_verified_at: trx.fn.now() })
    await endOtherSessions(ctx, trx)
    return raiseSession(trx, sessionId, 'verified_contact')
  })
}

/** Forgets the caller's telephone and ends all other sessions. */
export async function forgetPhone(ctx: Context): Promise<void> {
  const { accountId } = signedIn(ctx)
  await ctx.db.transaction(async (trx) => {
    await trx('account').where({ id: accountId }).update({ phone: null, phone_verified_at: null })
    await endOtherSessions(ctx, trx)
  })
}
