// The rules over many reports at once, by the very statement that a new report is routed with.
import type { Knex } from 'knex'
import type { Db } from '../../core/db/connect.ts'
import { sql, sqlText } from '../../core/db/sql.ts'
import { EDGE_DEG } from '../../places/service.ts'
import type { OpenMoves, WhatIf } from './contract.ts'

/** Open, and neither begun nor assigned by hand nor in work: what may be moved away from those who have it. */
const UNTOUCHED = `r.status IN ('submitted', 'acknowledged') AND NOT r.is_assigned_by_hand AND r.main_id IS NULL
  AND NOT EXISTS (SELECT FROM work_order_answer AS o JOIN work_order AS w ON w.id = o.work_order_id
                   WHERE o.report_id = r.id AND w.status <> 'cancelled')`

const sinceDays = (days: number): [string, number[]] => [
  'r.created_at >= now() - make_interval(days => ?::int)',
  [days],
]

/** Steps before a statement: `routed`, the reports with whom the rules give them to, and why. */
const REPLAY = `
  named AS MATERIALIZED (${sqlText('reports/rules_named')}),
  waiting AS MATERIALIZED (${sqlText('reports/rules_waiting')}),
  alike AS MATERIALIZED (${sqlText('reports/rules_alike')}),
  decided AS MATERIALIZED (${sqlText('reports/route')}),
  routed AS (
    SELECT w.id, w.geom, w.created_at, w.department_id, w.crew_id,
           d.department_id AS to_department_id, d.crew_id AS to_crew_id, d.candidates
      FROM waiting AS w
      JOIN alike AS a USING (category, areas, shares)
      JOIN decided AS d USING (n)
  )`

/** Runs a statement after these steps. which: condition on r. */
function replay(trx: Db, statement: string, which: Knex.Raw, more: Record<string, Knex.Value> = {}) {
  const all = (column: string) => trx.raw(`(SELECT array_agg(${column} ORDER BY n) FROM alike)`)
  const arrays = { ns: all('n'), categories: all('category'), areas: all('spot'), ats: all('now()') }
  const text = `WITH ${REPLAY}${statement.startsWith('WITH ') ? `, ${statement.slice('WITH '.length)}` : statement}`
  return trx.raw(text, { ...more, ...arrays, which, edge_deg: EDGE_DEG } as never)
}

const keepBefore = (trx: Db) =>
  trx.raw('CREATE TEMP TABLE routed_before (id uuid, department_id bigint, crew_id bigint) ON COMMIT DROP')

/** Keeps what the rules say now for the reports of the last days, for whatIfNow(); until the transaction ends. */
export async function keepRouting(trx: Db, days: number): Promise<void> {
  await keepBefore(trx)
  const text = ' INSERT INTO routed_before SELECT id, to_department_id, to_crew_id FROM routed'
  await replay(trx, text, trx.raw(...sinceDays(days)))
}

const MOVED_POINTS = 2000

/** What is different from what keepRouting() has kept. */
export async function whatIfNow(trx: Db, days: number): Promise<WhatIf> {
  const text = sqlText('reports/rules_what_if')
  const { rows } = await replay(trx, text, trx.raw(...sinceDays(days)), { most: MOVED_POINTS })
  const { rows: open } = await replay(
    trx,
    ` SELECT count(*)::int AS n FROM routed
       WHERE (department_id, crew_id) IS DISTINCT FROM (to_department_id, to_crew_id)`,
    trx.raw(UNTOUCHED),
  )
  return { ...rows[0], ...(await faultsOfGround(trx)), open_moved: open[0].n }
}

/** Open reports that nobody has touched and that others have than the rules and areas of now say. Needs a transaction. */
export async function openNow(trx: Db): Promise<OpenMoves> {
  await keepBefore(trx)
  await trx.raw(`INSERT INTO routed_before SELECT r.id, r.department_id, r.crew_id FROM report AS r WHERE ${UNTOUCHED}`)
  const { rows } = await replay(trx, sqlText('reports/rules_what_if'), trx.raw(UNTOUCHED), { most: MOVED_POINTS })
  return rows[0]
}

/** A strip of a metre along a hundred: neighbours that were drawn apart. */
const LEAST_M2 = 100
/** An area that is inside another but for its edge is an exception to it, on purpose. */
const INSIDE = 0.98
const MOST_GROUNDS = 50

/** Where the rules contradict each other, and where there are none. */
async function faultsOfGround(trx: Db): Promise<Pick<WhatIf, 'overlaps' | 'holes'>> {
  const bounds = { least_m2: LEAST_M2, most: MOST_GROUNDS }
  const overlaps = await sql<WhatIf['overlaps'][number]>(trx, 'reports/rules_overlaps', { ...bounds, inside: INSIDE })
  return { overlaps, holes: await sql<WhatIf['holes'][number]>(trx, 'reports/rules_holes', bounds) }
}

/**
 * Gives open reports that nobody has touched to whom the rules say now, in one statement; reason: words of who asks for it, null when
 * rules were published. Returns how many have moved.
 */
export async function moveOpen(trx: Db, actorId: string, reason: string | null): Promise<number> {
  // A whole city's open reports are written anew: half a minute for 50,000.
  await trx.raw(`SET LOCAL statement_timeout = '10min'`)
  const { rows } = await replay(trx, sqlText('reports/rules_move'), trx.raw(UNTOUCHED), { actor: actorId, reason: reason as string }) // prettier-ignore
  return rows[0].n
}
