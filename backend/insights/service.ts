// How many reports came, how fast they were answered and closed. Counted in the database, over what the caller may see.
import type { Knex } from 'knex'
import { spanOf } from '../core/days.ts'
import type { Db } from '../core/db/connect.ts'
import { type Context, reading } from '../core/http/context.ts'
import { actorOf, visibleToStaff } from '../reports/service.ts'
import type { Dimension, Figures, FiguresRow, Statistics } from './contract.ts'

/** A median of three says more about the three than about the town. */
const LEAST = 5

interface Choice {
  by: Dimension
  from?: string
  to?: string
  category?: string
  district?: string
  department?: string
}

type Row = FiguresRow & { is_total: boolean }

interface Part {
  /** What reports are grouped by; `r` is the report. */
  of: string
  /** Where the name of a group is found; `g` is the group. Joined after the counting, so that no title goes through every row. */
  from: string
  key: string
  title: string
  area_m2?: string
}

const table = (name: string, of: string): Part => ({
  of,
  from: `LEFT JOIN ${name} AS t ON t.id = g.part`,
  key: 't.slug',
  title: 't.title',
})
const plain = (of: string): Part => ({ of, from: '', key: 'g.part', title: 'NULL::jsonb' })

const PARTS: Record<Dimension, Part> = {
  category: table('category', 'r.category_id'),
  department: table('department', 'r.department_id'),
  crew: table('crew', 'r.crew_id'),
  channel: plain('r.channel'),
  month: plain(`to_char(r.created_at AT TIME ZONE 'Europe/Athens', 'YYYY-MM')`),
  district: {
    of: 'r.district',
    from: `LEFT JOIN LATERAL (SELECT x.title, x.area_m2 FROM area AS x WHERE x.role = 'district' AND x.slug = g.part LIMIT 1) AS t ON true`,
    key: 'g.part',
    title: 't.title',
    area_m2: 't.area_m2',
  },
}

/** Median and nine of ten; null where there are too few. */
const percentiles = (column: string, condition: string) =>
  `CASE WHEN count(*) FILTER (WHERE ${condition}) >= ${LEAST}
        THEN percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY ${column}) FILTER (WHERE ${condition}) END`

const GROUPED = `
  count(*) FILTER (WHERE is_received)::int AS received,
  count(*) FILTER (WHERE is_open)::int AS open,
  count(*) FILTER (WHERE is_overdue)::int AS overdue,
  count(*) FILTER (WHERE status = 'resolved')::int AS resolved,
  count(*) FILTER (WHERE status = 'rejected')::int AS rejected,
  count(*) FILTER (WHERE is_reopened)::int AS reopened,
  count(is_reopened) AS ended,
  count(answer_s)::int AS answered,
  ${percentiles('answer_s', 'answer_s IS NOT NULL')} AS answers_s,
  ${percentiles('closing_s', `status = 'resolved'`)} AS resolutions_s,
  count(age_s)::int AS waiting,
  ${percentiles('age_s', 'age_s IS NOT NULL')} AS ages_s,
  count(*) FILTER (WHERE is_answer_in_time) AS answers_in_time,
  count(is_answer_in_time) AS answers_judged,
  count(*) FILTER (WHERE is_in_time) AS in_time,
  count(*) FILTER (WHERE is_in_time IS NOT NULL OR is_overdue) AS judged`

const rounded = (seconds: string, unit_s: number) => `round((${seconds} / ${unit_s})::numeric, 1)::float8`
const spread = (pair: string, unit_s: number) =>
  `CASE WHEN ${pair} IS NOT NULL
        THEN jsonb_build_object('median', ${rounded(`${pair}[1]`, unit_s)}, 'p90', ${rounded(`${pair}[2]`, unit_s)}) END`

const shareOf = (part: string, whole: string) => `CASE WHEN ${whole} >= ${LEAST} THEN ${part}::float8 / ${whole} END`

const HOUR_S = 3600
const DAY_S = 86_400
const FIGURES = `
  received, open, overdue, resolved, rejected, reopened, answered, waiting,
  ${spread('answers_s', HOUR_S)} AS answer_h,
  ${spread('resolutions_s', DAY_S)} AS resolution_days,
  ${spread('ages_s', DAY_S)} AS waiting_days,
  ${shareOf('reopened', 'ended')} AS reopened_share,
  ${shareOf('answers_in_time', 'answers_judged')} AS answer_in_time_share,
  ${shareOf('in_time', 'judged')} AS in_time_share`

/** Figures of the public reports, for anyone. Throws bad-parameter. */
export const publicStatistics = (ctx: Context, choice: Choice): Promise<Statistics> =>
  reading(ctx, (db) => statisticsOf(db, db.raw('r.is_public'), choice))

/** Figures of the reports that a member of staff may see. Throws bad-parameter. */
export const staffStatistics = (ctx: Context, choice: Choice): Promise<Statistics> =>
  statisticsOf(ctx.db, visibleToStaff(ctx.db, actorOf(ctx)), choice)

/** The same over the reports for which the condition holds; `r` is the report. Throws bad-parameter. */
export async function statisticsOf(db: Db, visible: Knex.Raw, choice: Choice): Promise<Statistics> {
  const { from, to } = spanOf(choice)
  const { of, from: names, key, title, area_m2 = 'NULL::float8' } = PARTS[choice.by]
  const wanted = wantedBy(choice)
  const { rows } = await db.raw(
    `WITH chosen AS (
       SELECT ${of} AS part, d.is_received,
              CASE WHEN d.is_received THEN r.status END AS status,
              d.is_received AND r.closed_at IS NULL AS is_open,
              d.is_received AND r.closed_at IS NULL AND r.paused_at IS NULL AND r.due_at < now() AS is_overdue,
              CASE WHEN d.is_received AND (r.closed_at IS NOT NULL OR r.reopened_count > 0) THEN r.reopened_count > 0 END AS is_reopened,
              CASE WHEN d.is_received THEN r.closed_at <= r.due_at END AS is_in_time,
              CASE WHEN d.is_received AND (r.answer_due_at < now() OR r.answered_at IS NOT NULL)
                   THEN COALESCE(r.answered_at <= r.answer_due_at, false) END AS is_answer_in_time,
              CASE WHEN d.is_received THEN extract(epoch FROM r.answered_at - r.created_at)::float8 END AS answer_s,
              extract(epoch FROM r.closed_at - r.created_at)::float8 AS closing_s,
              CASE WHEN r.closed_at IS NULL THEN extract(epoch FROM now() - r.created_at)::float8 END AS age_s
         FROM report AS r
        CROSS JOIN LATERAL (SELECT r.created_at >= ?::timestamp AT TIME ZONE 'Europe/Athens'
                               AND r.created_at < (?::date + 1)::timestamp AT TIME ZONE 'Europe/Athens' AS is_received) AS d
        WHERE (d.is_received OR r.closed_at IS NULL)
          AND ?${wanted.text}),
     g AS (
       SELECT GROUPING(part) = 1 AS is_total, part, ${GROUPED}
         FROM chosen
        GROUP BY GROUPING SETS ((part), ()))
     SELECT is_total, ${key} AS key, ${title} AS title, round((${area_m2} / 1e6)::numeric, 3)::float8 AS area_km2, ${FIGURES}
       FROM g ${names}
      WHERE is_total OR received > 0${choice.by === 'month' ? '' : ' OR waiting > 0'}
      ORDER BY is_total DESC, ${choice.by === 'month' ? '' : 'received DESC, '}key`,
    [from, to, visible, ...wanted.values],
  )
  const [total, ...parts] = (rows as Row[]).map(({ is_total: _, ...row }) => row)
  return { from, to, least: LEAST, total: total as Figures, rows: parts }
}

function wantedBy({ category, district, department }: Choice): { text: string; values: string[] } {
  const parts: [string, string[]][] = []
  if (category)
    parts.push([
      'r.category_id IN (SELECT c.id FROM category AS c LEFT JOIN category AS p ON p.id = c.parent_id WHERE ? IN (c.slug, p.slug))',
      [category],
    ])
  if (district) parts.push(['r.district = ?', [district]])
  if (department) parts.push(['r.department_id = (SELECT id FROM department WHERE slug = ?)', [department]])
  return { text: parts.map(([text]) => ` AND ${text}`).join(''), values: parts.flatMap(([, values]) => values) }
}
