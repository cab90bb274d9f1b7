// Who is on the telephone, and what became of what they told before.
import type { Knex } from 'knex'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sqlText } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { text } from '../../core/i18n/text.ts'
import { actorOf } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { type EarlierReport, MOST_EARLIER } from './contract.ts'

/** What fewer digits end with, many numbers end with. */
const LEAST_DIGITS = 7

/** Without country code: +30 22713 50000 and 2271350000 are the same. */
const digitsOf = (q: string): string | null => {
  const digits = q.replace(/\D/g, '')
  return /^[\d\s+()./-]+$/.test(q) && digits.length >= LEAST_DIGITS ? digits.slice(-10) : null
}

/** What a caller reads out: the protocol number, or the nine digits of the receipt. A Greek telephone has ten. */
const isNumberOfReport = (q: string): boolean => /^\d{4}\/\d{1,8}$/.test(q) || /^\d{3}[\s-]?\d{3}[\s-]?\d{3}$/.test(q)

/**
 * Earlier reports by telephone, by a part of the name, or the one whose protocol number or code is said; only by telephone with
 * what tells how to reach them. Writes down the look.
 */
export function findCaller(ctx: Context, q: string): Promise<EarlierReport[]> {
  const digits = isNumberOfReport(q) ? null : digitsOf(q)
  return ctx.db.transaction(async (trx) => {
    const found = await earlier(ctx, trx, digits, q)
    await audit(
      ctx,
      {
        action: 'caller.find',
        detail: { by: digits ? 'phone' : isNumberOfReport(q) ? 'number' : 'name', found: found.length },
      },
      trx,
    )
    // As for any other look: who reported reads it beside the report.
    const reason = text(ctx.language, 'phone.reason')
    for (const { id } of found) await audit(ctx, { action: 'contact.reveal', subjectId: id, detail: { reason } }, trx)
    return digits ? found : found.map(masked)
  })
}

async function earlier(ctx: Context, trx: Db, digits: string | null, q: string): Promise<EarlierReport[]> {
  const seen = visibleToStaff(trx, actorOf(ctx), 'report.register')
  const [is, is_support] = conditionsOf(trx, digits, q)
  const { rows } = await trx.raw(sqlText('reports/callers'), { is, is_support, seen, most: MOST_EARLIER } as never)
  return rows
}

/** On a report r with its record k, and on a "me too" s. */
function conditionsOf(trx: Db, digits: string | null, q: string): [Knex.Raw, Knex.Raw] {
  if (isNumberOfReport(q))
    return [trx.raw('(k.protocol = ? OR r.lookup_code = ?)', [q, q.replace(/\D/g, '')]), trx.raw('false')]
  const columns = (name: string) => [`r.contact->>'${name}'`, `s.${name}`]
  const both = (name: string, condition: (column: string) => string, value: string) =>
    columns(name).map((column) => trx.raw(`${column} IS NOT NULL AND ${condition(column)}`, [value])) as [Knex.Raw, Knex.Raw] // prettier-ignore
  return digits
    ? both('phone', (column) => `right(regexp_replace(${column}, '\\D', '', 'g'), 10) = ?`, digits)
    : both('name', (column) => `fold(${column}) LIKE '%' || fold(?::text) || '%'`, q.replace(/[\\%_]/g, '\\$&'))
}

const masked = (report: EarlierReport): EarlierReport => ({
  ...report,
  phone: report.phone && `…${report.phone.slice(-3)}`,
  email: null,
})
