// OGC API - Features and downloads over many features: BENCH_FEATURES, a million unless said otherwise (20,000 on the embedded engine).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { startMapServer } from './mapserver.ts'
import { ask, compare, median, p95, type Parts, statementOf } from './measure.ts'

const PAGE = 1000
const SAMPLE_MS = 50
const ALONE_MS = 10_000
const DOWNLOADS = 5

async function* one() {
  yield {
    type: 'Feature',
    properties: { code: 'x', size_m: 1 },
    geometry: { type: 'Point', coordinates: [23.7, 36.3] },
  }
}

/** A page as one JSON document, as one would write it. */
const PLAIN = `SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object(
    'type', 'Feature', 'id', id, 'geometry', ST_AsGeoJSON(geom, 7, 0)::json, 'properties', json_build_object('code', code, 'size_m', size_m))))::text
  FROM (SELECT id, code, size_m, geom FROM gis.dot WHERE id > $1 ORDER BY id LIMIT ${PAGE}) AS page`

/** Fills gis.dot with points all over the city. */
export async function makeDots({ database, url }: Parts): Promise<number> {
  const count = Number(process.env['BENCH_FEATURES'] ?? (url ? 1_000_000 : 20_000))
  const field = (name: string, type: string) => ({ name, type, title: { el: name, en: name } })
  const definition = { slug: 'dot', title: { el: 'Σημεία', en: 'Dots' }, geometry_type: 'Point', fields: [field('code', 'text'), field('size_m', 'number')] } // prettier-ignore
  await importLayer(database.db, LayerDefinition.parse(definition), one())
  await database.db.raw(
    `INSERT INTO gis.dot (code, size_m, geom)
     SELECT 'D' || n, n % 97, ST_SetSRID(ST_MakePoint(23.7 + (n * 7919 % 100000) / 1e6, 36.33 + (n * 104729 % 45000) / 1e6), 4326)
       FROM generate_series(1, ?::bigint) AS n`,
    [count - 1],
  )
  await database.db.raw('ANALYZE gis.dot')
  return count
}

/** Pages, far pages, filters and the whole of a large collection beside the bare SQL. */
export async function measureOpenData(parts: Parts, count: number): Promise<void> {
  const { base, inside, database, lend, url } = parts
  const bare = (statement: { text: string; values: unknown[] }) => () => lend((client) => client.query(statement))
  const items =
    (query: string, from = base) =>
    () =>
      ask(`${from}/ogc/collections/dot/items?limit=${PAGE}${query}`, 200)
  const page = items('')
  const pageSql = await statementOf(database.db, 'row_number()', items('', inside))
  await compare(`OGC page of ${PAGE}, asked for again`, page, bare(pageSql))
  // Pages that nobody has asked for yet, from this feature on.
  const fresh = (first: number, query = '', from = base) => {
    let id = first
    const cursor = () => Buffer.from(JSON.stringify([String(id++)])).toString('base64url')
    return () => items(`&cursor=${cursor()}${query}`, from)()
  }
  const plain = () => lend((client) => client.query(PLAIN, [from++]))
  let from = 1
  await compare(`OGC page of ${PAGE}, for the first time`, fresh(2), plain)
  const freshSql = await statementOf(database.db, 'row_number()', fresh(1, '', inside))
  await compare('  the same beside its own statement', fresh(count / 8), bare(freshSql))
  await compare('OGC page near the end beside the middle', fresh(count - 50 * PAGE), fresh(count / 2))
  const inGreekGrid = '&crs=http://www.opengis.net/def/crs/EPSG/0/2100'
  await compare('OGC page in EPSG:2100 beside WGS 84', fresh(1, inGreekGrid), fresh(count / 4))
  // A filter that nobody has asked with yet.
  let least = 50
  const filtered = (from = base) => {
    const filter = `S_INTERSECTS(geometry, BBOX(23.71, 36.34, 23.712, 36.342)) AND size_m > ${(least += 1e-6)}`
    return items(`&filter=${encodeURIComponent(filter)}`, from)()
  }
  const filteredSql = await statementOf(database.db, 'row_number()', () => filtered(inside))
  const countSql = await statementOf(database.db, 'SELECT count(*)', () => filtered(inside))
  await compare(
    'OGC page with a filter',
    () => filtered(),
    async () => {
      await Promise.all([bare(filteredSql)(), bare(countSql)()])
    },
  )
  if (url) await measureDownload(parts, url, count)
  if (url) await besideMapServer(url, page, items)
}

/** The same pages of the same table, by turns. */
async function besideMapServer(url: string, page: () => Promise<void>, items: (query: string) => () => Promise<void>) {
  const peer = await startMapServer(url)
  if (!peer) return void process.stdout.write('MapServer is not installed (cgi-mapserver, mapserver-bin, spawn-fcgi, nginx): not compared\n')
  try {
    const theirs = (query: string) => () => ask(`${peer.items}?f=json${query}`, 200)
    await compare(`OGC page of ${PAGE} beside MapServer`, page, theirs(`&limit=${PAGE}`))
    const bbox = '&bbox=23.71,36.34,23.72,36.35'
    await compare('OGC page in a box beside MapServer', items(bbox), theirs(`&limit=${PAGE}${bbox}`))
  } finally {
    peer.stop()
  }
} // prettier-ignore

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Resident memory of a process, bytes (Linux). */
const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

/** Reads an answer to its end in a process of its own, as psql does. */
async function drained(address: string): Promise<void> {
  const script = `require('node:http').get(${JSON.stringify(address)}, (response) => response.resume().on('end', () => process.exit(response.statusCode === 200 ? 0 : 1)))`
  const [code] = await once(spawn(process.execPath, ['-e', script], { stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error(`${address} was not answered`)
}

/** The whole collection beside psql's COPY of the same text, by turns; what it costs in memory and what others feel. */
async function measureDownload({ base, pid }: Parts, url: string, count: number): Promise<void> {
  const text = `COPY (SELECT '{"type":"Feature","id":' || f.id || ',"geometry":' || ST_AsGeoJSON(f.geom, 7, 0) || ',"properties":' || (SELECT row_to_json(p)::text FROM (SELECT f.code, f.size_m) AS p) || '}' FROM gis.dot AS f ORDER BY f.id) TO STDOUT`
  const copy = () => once(spawn('psql', [url, '-qAtc', text], { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  const before = memoryOf(pid)
  let most = before
  const other = () => {
    most = Math.max(most, memoryOf(pid))
    return timed(() => ask(`${base}/ogc/collections/dot/items?limit=10`, 200))
  }
  const alone = await sampled(other, () => wait(ALONE_MS))
  const rounds: { copied_ms: number; downloaded_ms: number; meanwhile: number[] }[] = []
  for (let round = 0; round < DOWNLOADS; round++) {
    const copied_ms = await timed(copy)
    let downloaded_ms = 0
    const meanwhile = await sampled(other, async () => {
      downloaded_ms = await timed(() => drained(`${base}/opendata/dot.geojson`))
    })
    rounds.push({ copied_ms, downloaded_ms, meanwhile })
  }
  const seconds = (times: number[]) => (median(times) / 1000).toFixed(1)
  const ratio = median(rounds.map(({ copied_ms, downloaded_ms }) => copied_ms / downloaded_ms))
  process.stdout.write(
    `download of ${count} points: ${seconds(rounds.map((one) => one.downloaded_ms))} s, psql COPY ${seconds(rounds.map((one) => one.copied_ms))} s, ratio ${ratio.toFixed(2)}; ` +
      `memory +${((most - before) / 1024 / 1024).toFixed(0)} MB; p95 of others ${p95(alone).toFixed(1)} ms alone, ${p95(rounds.flatMap((one) => one.meanwhile)).toFixed(1)} ms meanwhile\n`,
  )
}

/** Milliseconds of one request after the other, with pauses, while something goes on. */
async function sampled(request: () => Promise<number>, meanwhile: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let isOver = false
  const sampling = (async () => {
    while (!isOver) {
      times.push(await request())
      await wait(SAMPLE_MS)
    }
  })()
  await meanwhile()
  isOver = true
  await sampling
  return times
}
