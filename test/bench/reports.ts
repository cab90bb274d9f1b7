// Reports where there are many: a million, 50,000 of them open (a fiftieth on the embedded engine). Intake, inbox, re-routing, live events.
import { get, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../../backend/core/db/connect.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { ask, bareIntake, compare, compareSlowest, median, type Parts, p95, somewhere, statementOf } from './measure.ts'

const REPORTS = 1_000_000
const FEW = 10_000
const OPEN_SHARE = 0.05
const STREAMS = 500
const CHANGES = 20
const TRIES = 5

/** Fills the register up to so many reports, all over the town, the newest twentieth of them open. */
export async function makeReports(db: Db, total: number): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('SET LOCAL statement_timeout = 0')
    const { n } = (await trx('report').count('* as n').first()) as { n: string }
    await trx.raw(
      `WITH made AS MATERIALIZED (
         SELECT n, gen_random_uuid() AS id, c.id AS category_id, c.is_public, a.slug AS district, d.id AS department_id, p.geom,
                now() - make_interval(secs => (:total::int - n) * 60) AS at, n > :total::int * (1 - :open::float8) AS is_open
           FROM generate_series(:from::bigint + 1, :total::bigint) AS n,
        LATERAL (SELECT ST_SetSRID(ST_MakePoint(23.748 + (n * 7919 % 12000) / 1e6, 36.336 + (n * 10473 % 6000) / 1e6), 4326) AS geom) AS p,
        LATERAL (SELECT id, is_public FROM category WHERE parent_id IS NOT NULL AND retired_at IS NULL ORDER BY (id * 7 + n) % 13, id LIMIT 1) AS c,
        LATERAL (SELECT slug FROM area WHERE role = 'district' ORDER BY area.geom <-> p.geom LIMIT 1) AS a,
        LATERAL (SELECT id FROM department ORDER BY (id + n) % 5, id LIMIT 1) AS d
       ),
       record AS (
         INSERT INTO case_record (id, kind, municipality, year, number) SELECT id, 'report', 'bench', 2020, n FROM made
       ),
       report AS (
         INSERT INTO report (id, category_id, status, description, channel, is_public, geom, place, district, department_id, follow_token,
                             answers, created_at, updated_at, answered_at, due_at, closed_at)
         SELECT id, category_id, CASE WHEN is_open THEN 'submitted' ELSE 'resolved' END, 'Something is broken, number ' || n, 'web', is_public, geom, '{}',
                district, department_id, id::text, '{}', at, at, at, at + interval '10 days', CASE WHEN NOT is_open THEN at + interval '4 days' END
           FROM made
       )
       INSERT INTO timeline_entry (case_id, at, kind, status) SELECT id, at, 'submitted', 'submitted' FROM made`,
      { from: Number(n), total, open: OPEN_SHARE },
    )
  })
  // Of those that were there before all but the newest are closed.
  await db('report').whereNull('closed_at').where('created_at', '<', db.raw('now() - make_interval(mins => ?)', [total * OPEN_SHARE])).update({ status: 'resolved', closed_at: db.fn.now() }) // prettier-ignore
  await db.raw('ANALYZE report, case_record, timeline_entry')
}

/** Headers of somebody who is signed in. */
type Rights = { cookie: string; 'X-CSRF-Token': string }

/** Signs in an account of the demo city. */
async function signIn({ base }: Parts, email: string): Promise<Rights> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${base}/api/session`,
      { method: 'POST', headers: { 'Content-Type': 'application/json' } },
      (response) => {
        // prettier-ignore
        response.resume()
        const cookie = response.headers['set-cookie']?.find((each) => each.startsWith('asty_session='))?.split(';')[0]
        if (cookie) resolve({ cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') })
        else reject(new Error(`sign-in: ${response.statusCode}`))
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify({ email, password: BENCH_PASSWORD }))
  })
}

export const BENCH_PASSWORD = 'a bench needs no secrets'

/** Everything above, in turn. */
export async function measureReports(parts: Parts): Promise<void> {
  const { database: { db }, url } = parts // prettier-ignore
  const share = url ? 1 : 0.02
  const admin = await signIn(parts, 'admin@demo.example')
  await makeReports(db, FEW * share)
  const few = await measureInbox(parts, admin, FEW * share)
  await makeReports(db, REPORTS * share)
  const many = await measureInbox(parts, admin, REPORTS * share)
  process.stdout.write(`inbox page among ${REPORTS * share} beside ${FEW * share}: ${(many / few).toFixed(2)} times\n`)
  await measureDeskMap(parts, admin)
  await compare('report intake with routing, duplicates', intake(parts), () => bareIntake(parts.lend))
  await measureRerouting(parts, admin)
  await measureStreams(parts, admin)
}

const intake =
  ({ base }: Parts) =>
  () =>
    ask(`${base}/api/reports`, 201, {
      category: 'pothole',
      location: { type: 'Point', coordinates: somewhere() },
      description: 'bench',
    })

/** A page with three filters beside its own statement; returns what nineteen of twenty do not exceed, milliseconds. */
async function measureInbox({ base, inside, database, lend }: Parts, rights: Rights, count: number): Promise<number> {
  const { rows } = await database.db.raw(
    `SELECT district, count(*) FROM report WHERE closed_at IS NULL GROUP BY district ORDER BY 2 DESC LIMIT 1`,
  )
  const query = `/api/staff/reports?status=open&category=pothole&district=${rows[0].district}&limit=50`
  const page = (from: string) => ask(`${from}${query}`, 200, undefined, rights)
  const statement = await statementOf(database.db, '"chosen"', () => page(inside))
  return compareSlowest(`inbox page, 3 filters, of ${count}`, () => page(base), () => lend((client) => client.query(statement))) // prettier-ignore
}

/** All open reports on the map of the desk, in the tile where most of the town lies, beside its own statement. */
async function measureDeskMap({ base, inside, database, lend }: Parts, rights: Rights): Promise<void> {
  const { rows } = await database.db.raw(
    `SELECT floor((ST_X(geom) + 180) / 360 * 4096)::int AS x, floor((1 - asinh(tan(radians(ST_Y(geom)))) / pi()) / 2 * 4096)::int AS y, count(*) AS n
       FROM report WHERE closed_at IS NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1`,
  )
  const tile = (from: string) => ask(`${from}/api/staff/reports/tiles/12/${rows[0].x}/${rows[0].y}.mvt?status=open`, 200, undefined, rights) // prettier-ignore
  const statement = await statementOf(database.db, 'placed', () => tile(inside))
  await compareSlowest(`tile of the desk's map, z12, ${rows[0].n} open reports`, () => tile(base), () => lend((client) => client.query(statement))) // prettier-ignore
}

/** Weighing all open reports anew beside the bare spatial join. */
async function measureRerouting({ base, database: { db } }: Parts, rights: Rights): Promise<void> {
  const [paths, joins]: [number[], number[]] = [[], []]
  const timed = async (times: number[], work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  const rules = await json<{ version: string; rules: unknown[] }>(`${base}/api/staff/routing`, rights)
  const publish = async () => {
    const { version } = await json<{ version: string }>(`${base}/api/staff/routing`, rights)
    await ask(`${base}/api/staff/routing`, 200, { version, rules: rules.rules, moves_open: true }, rights, 'PUT')
  }
  const join = () => db.transaction(async (trx) => {
    await trx.raw(`SELECT count(*), count(DISTINCT a.slug) FROM report AS r JOIN area AS a ON ST_Covers(a.geom, r.geom)
                    WHERE r.closed_at IS NULL AND a.layer IN (SELECT area_layer FROM routing_rule)`)
  }) // prettier-ignore
  await publish()
  for (let n = 0; n < TRIES; n++) {
    await timed(joins, join)
    await timed(paths, publish)
  }
  process.stdout.write(`open reports weighed anew: ${(median(paths) / 1000).toFixed(2)} s, bare spatial join ${(median(joins) / 1000).toFixed(2)} s, ${(median(paths) / median(joins)).toFixed(2)} times\n`) // prettier-ignore
}

function json<T>(url: string, rights: Rights): Promise<T> {
  return new Promise((resolve, reject) => {
    get(url, { headers: rights }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve(JSON.parse(text) as T))
    }).on('error', reject)
  })
}

/** How long until every one of many open event streams has heard of a change. */
async function measureStreams({ base, database: { db } }: Parts, rights: Rights): Promise<void> {
  let heard = 0
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, () => new Promise<{ destroy: () => void }>((resolve, reject) => {
      const sent = get(`${base}/api/events`, { headers: rights, agent: false }, (response) => {
        response.setEncoding('utf8')
        response.on('data', (part: string) => (heard += part.split('event: report').length - 1))
        response.on('error', () => undefined)
        resolve(sent)
      })
      sent.on('error', reject)
    })),
  ) // prettier-ignore
  const reports = await db('report').where({ status: 'submitted' }).orderBy('created_at', 'desc').limit(CHANGES)
  const times: number[] = []
  for (const { id } of reports) {
    const start = performance.now()
    heard = 0
    await ask(`${base}/api/staff/reports/${id}/status`, 200, { status: 'acknowledged' }, rights)
    while (heard < STREAMS) await wait(1)
    times.push(performance.now() - start)
  }
  for (const stream of streams) stream.destroy()
  process.stdout.write(`a change of state is heard by ${STREAMS} streams: median ${median(times).toFixed(0)} ms, p95 ${p95(times).toFixed(0)} ms\n`) // prettier-ignore
}
