// A report that somebody tells by telephone: the same way, rules and series as one that is typed.
import { audit } from '../../core/audit.ts'
import { randomBytes } from 'node:crypto'
import type { Context } from '../../core/http/context.ts'
import type { Receipt } from '../contract.ts'
import { supportReport } from '../duplicates/support.ts'
import { submitReport } from '../intake.ts'
import type { PhoneReportInput, PhoneSupport, PhoneSupportInput } from './contract.ts'

/** Registers a call. The same idempotency key returns the report that it made the first time. Throws what submitting throws. */
export function registerCall(
  ctx: Context,
  { language, notice_read, ...input }: PhoneReportInput,
  idempotencyKey?: string,
): Promise<Receipt> {
  return ctx.db.transaction(async (trx) => {
    const receipt = await submitReport({ ...ctx, db: trx }, input, { idempotencyKey, channel: 'phone' })
    await trx('report').where({ id: receipt.id }).update({ language })
    await audit(ctx, { action: 'report.register', subjectId: receipt.id, detail: { notice_read } }, trx)
    return receipt
  })
}

/** "Me too" of somebody on the telephone: each call counts once. Throws what supporting throws. */
export function supportByPhone(ctx: Context, id: string, input: PhoneSupportInput): Promise<PhoneSupport> {
  const { contact = {}, note, language, notice_read } = input
  return ctx.db.transaction(async (trx) => {
    const device = randomBytes(18).toString('base64url')
    const given = { device, note, email: contact.email, language, photos: [] }
    const { id: reportId, protocol, support_count, follow_url } = await supportReport({ ...ctx, db: trx }, id, given)
    const follow_token = follow_url.split('/').at(-1) as string
    await trx('report_support').where({ follow_token }).update({ name: contact.name, phone: contact.phone })
    await audit(ctx, { action: 'report.register', subjectId: reportId, detail: { notice_read, is_support: true } }, trx)
    const { lookup_code } = await trx('report').where({ id: reportId }).first('lookup_code')
    return { id: reportId, protocol, support_count, lookup_code }
  })
}
