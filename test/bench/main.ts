// npm run bench: each path and its floor (the bare SQL through pg) in one run, as a ratio. DATABASE_URL: a server to use;
// without it the embedded engine, whose floor goes through its one connection. BENCH_ONLY=town, reports, planner,
// opendata, geoportal or map: only that part; the map wants Chromium and a portal that is built.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../backend/core/config.ts'
import { type Database, openDatabase } from '../../backend/core/db/connect.ts'
import { migrate } from '../../backend/core/db/migrate.ts'
import { createLog } from '../../backend/core/log.ts'
import { openTown } from '../../backend/town.ts'
import { freePort } from '../support/cluster.ts'
import { startProgram } from '../support/program.ts'
import { loadCity } from '../../backend/tools/city.ts'
import { measureGeoportal } from './geoportal.ts'
import { measureMap } from './map.ts'
import {
  ask,
  bareIntake,
  compare,
  CONNECTIONS,
  lender,
  type Parts,
  ROUND_MS,
  ROUNDS,
  somewhere,
  statementOf,
} from './measure.ts'
import { measurePlanner } from './planner.ts'
import { makeDots, measureOpenData } from './opendata.ts'
import { BENCH_PASSWORD, measureReports } from './reports.ts'

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
    password: BENCH_PASSWORD,
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
  const inside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const node = url ? await startNode(url) : { base: inside, pid: process.pid, stop: () => Promise.resolve() }
  process.stdout.write(
    `engine: ${database.engine}, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${ROUND_MS / 1000} s\n`,
  )
  const { lend, end } = lender(database, url)
  const { base, pid } = node
  const parts = { base, inside, pid, database, lend, url }
  const wanted = (part: string) => (process.env['BENCH_ONLY'] ?? part) === part
  try {
    if (wanted('town')) await measureTown(parts)
    if (wanted('reports')) await measureReports(parts)
    if (wanted('planner')) await measurePlanner(parts)
    if (wanted('opendata') || wanted('geoportal') || wanted('map')) {
      const count = await makeDots(parts)
      if (wanted('opendata')) await measureOpenData(parts, count)
      if (wanted('geoportal')) await measureGeoportal(parts)
      if (wanted('map')) await measureMap(parts)
    }
  } finally {
    await node.stop()
  }
  server.closeAllConnections()
  server.close()
  await end()
}

/** Asty as a city runs it, a process of its own: what asks must not take from what answers. The embedded engine belongs to one process. */
async function startNode(url: string): Promise<{ base: string; pid: number; stop: () => Promise<unknown> }> {
  const port = String(await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'asty-bench-node-'))
  const settings = { DATABASE_URL: url, PORT: port, DATA_DIR: folder, RATE_LIMITS: 'false', LOG_LEVEL: 'silent', DEMO: 'false', DATABASE_POOL: String(CONNECTIONS) } // prettier-ignore
  const { child, ended, until } = startProgram(settings)
  await until('Asty is open at')
  return {
    base: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGINT')
      return ended.finally(() => rmSync(folder, { recursive: true, force: true }))
    },
  }
}

/** Intake, tiles, search and a small download. */
async function measureTown({ base, inside, database, lend }: Parts): Promise<void> {
  const bare = (statement: string | { text: string; values: unknown[] }) => () =>
    lend((client) => client.query(statement as string))

  const intake = () =>
    ask(`${base}/api/reports`, 201, {
      category: 'pothole',
      location: { type: 'Point', coordinates: somewhere() },
      description: 'bench',
    })
  await compare('report intake with routing', intake, () => bareIntake(lend))

  const tile = (from = base) => ask(`${from}/tiles/building/14/9273/6414.mvt`, 200)
  const tileSql = await statementOf(database.db, '"gis"."building"', () => tile(inside))
  await compare('one tile, z14, from the cache', () => tile(), bare(tileSql))
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

  const search = (from = base) => ask(`${from}/api/search?q=ermou&lon=23.7528&lat=36.3368`, 200)
  await compare('one search', () => search(), bare(await statementOf(database.db, 'searchable', () => search(inside))))

  const download = () => ask(`${base}/opendata/address.geojson`, 200)
  const { rows } = await database.db.raw(
    `SELECT string_agg(quote_ident(f->>'name'), ', ') AS fields FROM layer, jsonb_array_elements(fields) AS f WHERE slug = 'address'`,
  )
  const bareDownload = `SELECT ST_AsGeoJSON(f.*, 'geom', 6) FROM (SELECT id, ${rows[0].fields}, geom FROM gis.address) AS f`
  await compare('one GeoJSON download, 5,700 points', download, bare(bareDownload))
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`)
    process.exit(1)
  },
)
