// How long personal data of each category stay, and what for: an administrator says so (GDPR articles 5(1)(b), 5(1)(e), 13).
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { changeRetention as changeEndpoint, RetentionRule, RetentionRun } from './contract.ts'

type Change = z.output<NonNullable<(typeof changeEndpoint)['body']>>

/** Two months of daily runs. */
const MOST_RUNS = 60

const rules = (db: Db, slug: string | null = null) => sql<RetentionRule>(db, 'reports/retention_rules', { slug })

/** The rule of every category, and the last runs. */
export async function listRetention({ db }: Context): Promise<{ rules: RetentionRule[]; runs: RetentionRun[] }> {
  const runs = await db('retention_run').orderBy('id', 'desc').limit(MOST_RUNS)
  return { rules: await rules(db), runs }
}

/** Changes the rule of a category; the next run goes by it. Throws not-found. */
export function changeRetention(ctx: Context, slug: string, change: Change): Promise<RetentionRule> {
  return ctx.db.transaction(async (trx) => {
    await trx('category').where({ slug }).forUpdate().first('id')
    const [before] = await rules(trx, slug)
    if (!before) throw problem('not-found')
    const { purpose, ...months } = change
    const columns = { ...months, ...(purpose && { purpose: JSON.stringify(purpose) }) }
    if (Object.keys(columns).length > 0) await trx('category').where({ slug }).update(columns)
    const { category: _category, group: _group, ...from } = before
    await audit(ctx, { action: 'retention.change', subjectId: slug, detail: { from, to: { ...from, ...change } } }, trx)
    return (await rules(trx, slug))[0] as RetentionRule
  })
}
