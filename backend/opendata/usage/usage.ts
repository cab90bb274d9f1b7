import type { z } from 'zod'
import { spanOf } from '../../core/days.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { getCollection, listCollections } from '../collections.ts'
import type { getUsage, UsageTotals } from './contract.ts'

type Query = z.output<NonNullable<(typeof getUsage)['query']>>

/** How often a dataset was taken. Throws not-found, bad-parameter. */
export async function usageOf(ctx: Context, slug: string, query: Query) {
  const { slug: dataset } = await getCollection(ctx, slug)
  const { from, to } = spanOf(query)
  const days = await reading(ctx, (db) =>
    sql<{ day: string; format: string; count: number }>(db, 'opendata/usage_days', {
      dataset,
      from_day: from,
      to_day: to,
    }),
  )
  return { dataset, from, to, total: days.reduce((sum, { count }) => sum + count, 0), days }
}

interface Row {
  dataset: string
  format: string
  days_30: number
  days_365: number
}

const sumOf = (rows: readonly Row[], days: 'days_30' | 'days_365') => rows.reduce((sum, row) => sum + row[days], 0)

const readTotals = (ctx: Context, dataset: string | null) =>
  reading(ctx, (db) => sql<Row>(db, 'opendata/usage_totals', { dataset }))

/** How often one dataset was taken lately. */
export async function usageTotalsOf(ctx: Context, slug: string): Promise<Pick<UsageTotals, 'days_30' | 'days_365'>> {
  const rows = await readTotals(ctx, slug)
  return { days_30: sumOf(rows, 'days_30'), days_365: sumOf(rows, 'days_365') }
}

/** How often each dataset was taken lately, the most wanted first; datasets that are open no more are left out. */
export async function usageTotals(ctx: Context): Promise<UsageTotals[]> {
  const [all, rows] = await Promise.all([listCollections(ctx), readTotals(ctx, null)])
  return all
    .map(({ slug, title }) => {
      const own = rows.filter(({ dataset }) => dataset === slug)
      return {
        dataset: slug,
        title,
        days_30: sumOf(own, 'days_30'),
        days_365: sumOf(own, 'days_365'),
        formats: own.sort((a, b) => b.days_365 - a.days_365),
      }
    })
    .sort((a, b) => b.days_365 - a.days_365 || a.dataset.localeCompare(b.dataset))
}
