// The rules over many reports at once, by the very statement that a new report is routed with.
import type { Knex } from 'knex'
import type { Db } from '../../core/db/connect.ts'
import { sql, sqlText } from '../../core/db/sql.ts'
import { EDGE_DEG } from '../../places/service.ts'
import type { WhatIf } from './contract.ts'

/** Open, and neither assigned by hand nor in work: what publishing may move. */
const UNTOUCHED = `r.closed_at IS NULL AND NOT r.is_assigned_by_hand AND r.main_id IS NULL
  AND NOT EXISTS (SELECT FROM work_order_report AS o JOIN work_order AS w ON w.id = o.work_order_id
                   WHERE o.report_id = r.id AND w.status <> 'cancelled')`

const sinceDays = (days: number): [string, number[]] => [
  'r.created_at >= now() - make_interval(days => ?::int)',
  [days],
]

/** CTEs: waiting (n, id, geom, department_id, crew_id) and routed (n, department_id, crew_id, candidates). */
const REPLAY = `waiting AS MATERIALIZED (${sqlText('reports/rules_waiting')}), routed AS (${sqlText('reports/route')})`

const run = (trx: Db, text: string, which: Knex.Raw, more: Record<string, Knex.Value> = {}) => {
  const all = (column: string) => trx.raw(`(SELECT array_agg(${column} ORDER BY n) FROM waiting)`)
  const arrays = { ns: all('n'), categories: all('category'), areas: all('areas'), ats: all('now()') }
  return trx.raw(text, { ...more, ...arrays, which, edge_deg: EDGE_DEG } as never)
}

/** Keeps what the rules say now for the reports of the last days, for whatIfNow(); until the transaction ends. */
export async function keepRouting(trx: Db, days: number): Promise<void> {
  await trx.raw('CREATE TEMP TABLE routed_before (id uuid, department_id bigint, crew_id bigint) ON COMMIT DROP')
  const text = `WITH ${REPLAY} INSERT INTO routed_before SELECT w.id, r.department_id, r.crew_id FROM waiting AS w JOIN routed AS r USING (n)`
  await run(trx, text, trx.raw(...sinceDays(days)))
}

const MOVED_POINTS = 2000

/** What is different from what keepRouting() has kept. */
export async function whatIfNow(trx: Db, days: number): Promise<WhatIf> {
  const target = (department: string, crew: string) =>
    `jsonb_build_object('department', (SELECT jsonb_build_object('slug', d.slug, 'title', d.title) FROM department AS d WHERE d.id = ${department}),
                        'crew', (SELECT jsonb_build_object('slug', c.slug, 'title', c.title) FROM crew AS c WHERE c.id = ${crew}))`
  const text = `
    WITH ${REPLAY},
    after AS MATERIALIZED (
      SELECT w.n, w.id, w.geom, r.department_id, r.crew_id, b.department_id AS old_department_id, b.crew_id AS old_crew_id
        FROM waiting AS w
        JOIN routed AS r USING (n)
        JOIN routed_before AS b USING (id)
    ),
    moved AS (
      SELECT * FROM after
       WHERE (department_id, crew_id) IS DISTINCT FROM (old_department_id, old_crew_id)
    ),
    move AS MATERIALIZED (
      SELECT old_department_id, old_crew_id, department_id, crew_id, count(*)::int AS count,
             row_number() OVER (ORDER BY count(*) DESC, old_department_id, old_crew_id, department_id, crew_id)::int - 1 AS k
        FROM moved
       GROUP BY old_department_id, old_crew_id, department_id, crew_id
    )
    SELECT (SELECT count(*)::int FROM after) AS reports,
           (SELECT count(*)::int FROM moved) AS moved,
           COALESCE((SELECT jsonb_agg(jsonb_build_object('from', ${target('m.old_department_id', 'm.old_crew_id')},
                                                         'to', ${target('m.department_id', 'm.crew_id')}, 'count', m.count) ORDER BY m.k)
                       FROM move AS m), '[]') AS moves,
           COALESCE((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'protocol', p.protocol, 'point', jsonb_build_array(ST_X(p.geom), ST_Y(p.geom)), 'move', p.k) ORDER BY p.n)
                       FROM (SELECT d.n, d.id, d.geom, c.protocol, m.k
                               FROM moved AS d
                               JOIN case_record AS c ON c.id = d.id
                               JOIN move AS m ON (m.old_department_id, m.old_crew_id, m.department_id, m.crew_id)
                                 IS NOT DISTINCT FROM (d.old_department_id, d.old_crew_id, d.department_id, d.crew_id)
                              ORDER BY d.n
                              LIMIT ${MOVED_POINTS}) AS p), '[]') AS points`
  const { rows } = await run(trx, text, trx.raw(...sinceDays(days)))
  const { rows: open } = await run(
    trx,
    `WITH ${REPLAY} SELECT count(*)::int AS n FROM waiting AS w JOIN routed AS r USING (n)
      WHERE (w.department_id, w.crew_id) IS DISTINCT FROM (r.department_id, r.crew_id)`,
    trx.raw(UNTOUCHED),
  )
  return { ...rows[0], ...(await faultsOfGround(trx)), open_moved: open[0].n }
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

/** Gives open reports that nobody has touched to whom the rules say now, in one statement. Returns how many have moved. */
export async function moveOpen(trx: Db, actorId: string): Promise<number> {
  const text = `
    WITH ${REPLAY},
    changed AS MATERIALIZED (
      SELECT w.id, r.department_id, r.crew_id, jsonb_build_object('candidates', r.candidates) AS routing
        FROM waiting AS w
        JOIN routed AS r USING (n)
       WHERE (w.department_id, w.crew_id) IS DISTINCT FROM (r.department_id, r.crew_id)
    ),
    moved AS (
      UPDATE report AS p
         SET department_id = c.department_id, crew_id = c.crew_id, routing = c.routing, updated_at = now()
        FROM changed AS c
       WHERE p.id = c.id
         AND p.closed_at IS NULL
         AND NOT p.is_assigned_by_hand
      RETURNING p.id, p.department_id, p.crew_id
    ),
    told AS (
      INSERT INTO timeline_entry (case_id, kind, department_id, crew_id, actor_id)
      SELECT id, 'assigned', department_id, crew_id, :actor::bigint FROM moved
    ),
    heard AS (
      INSERT INTO event (type, subject_id, actor_id, payload)
      SELECT 'report.changed', id::text, :actor::bigint, jsonb_build_object('action', 'rerouted') FROM moved
    )
    SELECT count(*)::int AS n FROM moved`
  const { rows } = await run(trx, text, trx.raw(UNTOUCHED), { actor: actorId })
  return rows[0].n
}
