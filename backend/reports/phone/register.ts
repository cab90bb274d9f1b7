// A report that somebody tells by telephone: the same way, rules and series as one that is typed.
import { audit } from '../../core/audit.ts'
import type { Context } from '../../core/http/context.ts'
import type { Receipt } from '../contract.ts'
import { submitReport } from '../intake.ts'
import type { PhoneReportInput } from './contract.ts'

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
