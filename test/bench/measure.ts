// How the bench measures: rates of a path and of its floor by turns, as a ratio.
import { Agent, request } from 'node:http'
import pg from 'pg'
import { type Database, type Db, SERVING } from '../../backend/core/db/connect.ts'
import { sqlText } from '../../backend/core/db/sql.ts'

export const CONNECTIONS = 8
// Many short rounds: the speed of a shared machine doubles and halves within seconds.
export const ROUND_MS = 1000
export const ROUNDS = 15
/** Code that has run hot is compiled; a city's node has run for days. */
const WARM_MS = 3000

/** Runs work on so many connections for a while; times per second. */
async function rate(work: () => Promise<unknown>, connections: number, round_ms = ROUND_MS): Promise<number> {
  const end = Date.now() + round_ms
  const start = Date.now()
  let done = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (Date.now() < end) {
        await work()
        done++
      }
    }),
  )
  return (done * 1000) / (Date.now() - start)
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Path and floor by turns, so that a busy machine is busy for both: the median of the ratios of neighbours. */
export async function compare(
  name: string,
  path: () => Promise<unknown>,
  floor: () => Promise<unknown>,
  connections = CONNECTIONS,
): Promise<void> {
  const [paths, floors]: [number[], number[]] = [[], []]
  await rate(floor, connections, WARM_MS)
  await rate(path, connections, WARM_MS)
  for (let round = 0; round < ROUNDS; round++) {
    floors.push(await rate(floor, connections))
    paths.push(await rate(path, connections))
  }
  const ratio = median(paths.map((path, n) => path / (floors[n] ?? 0)))
  process.stdout.write(
    `${name.padEnd(40)} ${median(paths).toFixed(1).padStart(9)}/s   floor ${median(floors).toFixed(1).padStart(9)}/s   ratio ${ratio.toFixed(2)}\n`,
  )
}

export const p95 = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0

/** As compare(), by the time that nineteen of twenty do not exceed; milliseconds. Returns that of the path. */
export async function compareSlowest(
  name: string,
  path: () => Promise<unknown>,
  floor: () => Promise<unknown>,
): Promise<number> {
  const timed = (work: () => Promise<unknown>, times: number[]) => async () => {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  const [paths, floors]: [number[], number[]] = [[], []]
  await rate(floor, CONNECTIONS, WARM_MS)
  await rate(path, CONNECTIONS, WARM_MS)
  for (let round = 0; round < ROUNDS; round++) {
    await rate(timed(floor, floors), CONNECTIONS)
    await rate(timed(path, paths), CONNECTIONS)
  }
  const [p, f] = [p95(paths), p95(floors)]
  process.stdout.write(
    `${`${name}, p95`.padEnd(40)} ${p.toFixed(1).padStart(8)} ms   floor ${f.toFixed(1).padStart(8)} ms   ratio ${(p / f).toFixed(2)}\n`,
  )
  return p
}

/** What every part of the bench has. */
export interface Parts {
  /** What is measured, and its process. */
  base: string
  pid: number
  /** The same program in this process, where its statements can be seen. */
  inside: string
  database: Database
  lend: Lend
  /** None: the embedded engine. */
  url: string | undefined
}

/** Lends a connection of pg. */
export type Lend = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>

/** Connections of their own on a server, with its settings for serving; the embedded engine has one, and two clients would mix up their statements there. */
export function lender({ db }: Database, url: string | undefined): { lend: Lend; end: () => Promise<void> } {
  const pool = url ? new pg.Pool({ connectionString: url, max: CONNECTIONS, options: SERVING }) : undefined
  const take = (): Promise<pg.PoolClient> => (pool ? pool.connect() : db.client.acquireConnection())
  const give = (client: pg.PoolClient) => (pool ? client.release() : db.client.releaseConnection(client))
  return {
    lend: async (work) => {
      const client = await take()
      try {
        return await work(client)
      } finally {
        await give(client)
      }
    },
    end: async () => pool?.end(),
  }
}

/** The statement that the program sends for one request, as it is sent. */
export async function statementOf(
  db: Db,
  part: string,
  work: () => Promise<void>,
): Promise<{ text: string; values: unknown[] }> {
  let found: { text: string; values: unknown[] } | undefined
  const see = ({ sql, bindings }: { sql: string; bindings?: unknown[] }) => {
    if (sql.includes(part)) found = { text: sql, values: bindings ?? [] }
  }
  db.on('query', see)
  await work()
  db.removeListener('query', see)
  if (!found) throw new Error(`no statement with ${part}`)
  return found
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

/** One request, read to its end. The plain client: fetch() would cost as much as what is measured. */
export function ask(
  url: string,
  expected: number,
  body?: object,
  more: Record<string, string> = {},
  method = body ? 'POST' : 'GET',
): Promise<void> {
  const headers = { ...more, ...(body && { 'Content-Type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (response) => {
      response.on('end', () =>
        response.statusCode === expected ? resolve() : reject(new Error(`${url}: ${response.statusCode}`)),
      )
      response.resume()
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

/** The statement with its :names as $1, $2 … for pg alone. */
function prepare(query: `${string}/${string}`, values: Record<string, unknown>): { text: string; values: unknown[] } {
  const list: unknown[] = []
  const text = sqlText(query).replace(/(?<!:):([a-z_]+)\b/g, (_, name: string) => `$${list.push(values[name])}`)
  return { text, values: list }
}

/** A place in the town: longitude, latitude. */
export function somewhere(): [number, number] {
  return [23.748 + Math.random() * 0.012, 36.336 + Math.random() * 0.006]
}

/** The same statements as an intake, and nothing else: no HTTP, no validation, no explanation. */
export const bareIntake = (lend: Lend): Promise<void> =>
  lend(async (client) => {
    const [lon, lat] = somewhere()
    await client.query('BEGIN')
    const where = await client.query(
      prepare('places/where', { lons: [lon], lats: [lat], edge_deg: 1e-6, address_m: 150 }),
    )
    const now = new Date().toISOString()
    const areas = JSON.stringify(where.rows[0].areas)
    const routed = await client.query(
      prepare('reports/route', { ns: [1], categories: ['pothole'], areas: [areas], ats: [now] }),
    )
    const { category_id, department_id, crew_id, due_at, answer_due_at, candidates } = routed.rows[0]
    await client.query(
      prepare('reports/submit', {
        id: crypto.randomUUID(), municipality: 'alkyona', year: 2026, category_id, description: 'bench', contact: null, channel: 'web',
        is_public: true, lon, lat, place: '{}', district: null, department_id, crew_id, routing: JSON.stringify({ candidates }),
        form_id: null, answers: '{}', sender_id: null, follow_token: crypto.randomUUID(), idempotency_key: null, request_hash: 'x', reporter_id: null, photos: [], now, due_at, answer_due_at,
      }),
    ) // prettier-ignore
    await client.query('COMMIT')
  })
