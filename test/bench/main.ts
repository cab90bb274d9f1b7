// npm run bench: each path and its floor (the bare SQL through pg) in one run, as a ratio. DATABASE_URL: a server to use;
// without it the embedded engine, whose floor goes through its one connection.
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../backend/core/config.ts'
import { type Database, type Db, openDatabase } from '../../backend/core/db/connect.ts'
import { migrate } from '../../backend/core/db/migrate.ts'
import { sqlText } from '../../backend/core/db/sql.ts'
import { createLog } from '../../backend/core/log.ts'
import { openTown } from '../../backend/town.ts'
import { loadCity } from '../../backend/tools/city.ts'

const CONNECTIONS = 8
const ROUND_MS = 4000
const ROUNDS = 3

/** Runs work on so many connections for a while; times per second. */
async function rate(work: () => Promise<unknown>, connections: number): Promise<number> {
  const end = Date.now() + ROUND_MS
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

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Path and floor by turns, so that a busy machine is busy for both. */
async function compare(
  name: string,
  path: () => Promise<unknown>,
  floor: () => Promise<unknown>,
  connections = CONNECTIONS,
): Promise<void> {
  const [paths, floors]: [number[], number[]] = [[], []]
  await path()
  await floor()
  for (let round = 0; round < ROUNDS; round++) {
    floors.push(await rate(floor, connections))
    paths.push(await rate(path, connections))
  }
  const [p, f] = [median(paths), median(floors)]
  process.stdout.write(
    `${name.padEnd(34)} ${p.toFixed(1).padStart(9)}/s   floor ${f.toFixed(1).padStart(9)}/s   ratio ${(p / f).toFixed(2)}\n`,
  )
}

/** The statement with its :names as $1, $2 … for pg alone. */
function prepare(query: `${string}/${string}`, values: Record<string, unknown>): { text: string; values: unknown[] } {
  const list: unknown[] = []
  const text = sqlText(query).replace(/(?<!:):([a-z_]+)\b/g, (_, name: string) => `$${list.push(values[name])}`)
  return { text, values: list }
}

function somewhere(): [number, number] {
  return [23.748 + Math.random() * 0.012, 36.336 + Math.random() * 0.006]
}

/** Lends a connection of pg. */
type Lend = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>

/** Connections of their own on a server; the embedded engine has one, and two clients would mix up their statements there. */
function lender({ db }: Database, url: string | undefined): { lend: Lend; end: () => Promise<void> } {
  const pool = url ? new pg.Pool({ connectionString: url, max: CONNECTIONS }) : undefined
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

/** The same statements as an intake, and nothing else: no HTTP, no validation, no explanation. */
const bareIntake = (lend: Lend): Promise<void> =>
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
    const { category_id, department_id, crew_id, due_at, candidates } = routed.rows[0]
    await client.query(
      prepare('reports/submit', {
        id: crypto.randomUUID(), municipality: 'alkyona', year: 2026, category_id, description: 'bench', contact: null, channel: 'web',
        is_public: true, lon, lat, place: '{}', district: null, department_id, crew_id, routing: JSON.stringify({ candidates }),
        follow_token: crypto.randomUUID(), idempotency_key: null, request_hash: 'x', reporter_id: null, photos: [], now, due_at,
      }),
    ) // prettier-ignore
    await client.query('COMMIT')
  })

/** The statement that the program sends for one request, as it is sent. */
async function statementOf(
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
function ask(url: string, expected: number, body?: object): Promise<void> {
  const method = body ? 'POST' : 'GET'
  const headers = body ? { 'Content-Type': 'application/json' } : {}
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

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'asty-bench-'))
  const given = process.env['DATABASE_URL']
  const name = `asty_bench_${process.pid}`
  const admin = given ? new pg.Client({ connectionString: given }) : undefined
  let own = given
  if (admin && given) {
    await admin.connect()
    await admin.query(`CREATE DATABASE ${name}`)
    own = Object.assign(new URL(given), { pathname: `/${name}` }).href
  }
  const config = readConfig({
    DATA_DIR: dataDir,
    DATABASE_URL: own,
    LOG_LEVEL: 'silent',
    DATABASE_POOL: String(CONNECTIONS),
  })
  const database = await openDatabase(config)
  await migrate(database.db)
  await loadCity(database.db, fileURLToPath(new URL('../../gis-data/demo-city/', import.meta.url)), {
    onProgress: () => undefined,
  })
  await measure(database, own)
  await database.close()
  if (admin) {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure(database: Database, url: string | undefined): Promise<void> {
  const config = readConfig({ LOG_LEVEL: 'silent', RATE_LIMITS: 'false' })
  const { app } = await openTown(config, database, createLog('silent'))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.stdout.write(
    `engine: ${database.engine}, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${ROUND_MS / 1000} s\n`,
  )
  const { lend, end } = lender(database, url)
  const bare = (statement: string | { text: string; values: unknown[] }) => () =>
    lend((client) => client.query(statement as string))

  const intake = () =>
    ask(`${base}/api/reports`, 201, {
      category: 'pothole',
      location: { type: 'Point', coordinates: somewhere() },
      description: 'bench',
    })
  await compare('report intake with routing', intake, () => bareIntake(lend))

  const tile = () => ask(`${base}/tiles/building/14/9273/6414.mvt`, 200)
  const tileSql = await statementOf(database.db, '"gis"."building"', tile)
  await compare('one tile, z14, from the cache', tile, bare(tileSql))
  // The cache is keyed by revision. One connection: others that ask meanwhile would share the encoding.
  const change = bare(`UPDATE layer SET revision = revision + 1 WHERE slug = 'building'`)
  await compare(
    'one tile, z14, encoded anew',
    async () => {
      await change()
      await tile()
    },
    async () => {
      await change()
      await bare(tileSql)()
    },
    1,
  )

  const search = () => ask(`${base}/api/search?q=ermou&lon=23.7528&lat=36.3368`, 200)
  await compare('one search', search, bare(await statementOf(database.db, 'searchable', search)))

  const download = () => ask(`${base}/opendata/address.geojson`, 200)
  const { rows } = await database.db.raw(
    `SELECT string_agg(quote_ident(f->>'name'), ', ') AS fields FROM layer, jsonb_array_elements(fields) AS f WHERE slug = 'address'`,
  )
  const bareDownload = `SELECT ST_AsGeoJSON(f.*, 'geom', 6) FROM (SELECT id, ${rows[0].fields}, geom FROM gis.address) AS f`
  await compare('one GeoJSON download, 5,700 points', download, bare(bareDownload))
  server.closeAllConnections()
  server.close()
  await end()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`)
    process.exit(1)
  },
)
