// Reading from a streaming replica: a real one, made with pg_basebackup and stopped in the middle.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import pg from 'pg'
import { hashPassword } from '../../backend/people/service.ts'
import { pothole, sessionIn } from '../support/http.ts'
import { type Cluster, clusters, serverPrograms } from '../support/cluster.ts'
import { look, type Node, type Settings, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { world } from '../support/world.ts'

const AGENT = 'agent@town.example'

// The embedded engine has no replicas; and where no server can be started, none can be stopped.
describe('a read replica (with programs of a PostgreSQL server, not the embedded engine)', function () {
  this.timeout(180_000)
  let made: ReturnType<typeof clusters>
  let primary: Cluster
  let replica: Cluster
  let node: Node
  let dataDir: string
  let city: string

  /** The last query of each connection that a node has. */
  const queries = async ({ url }: Cluster): Promise<string> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      `SELECT COALESCE(string_agg(query, E'\n'), '') AS text FROM pg_stat_activity WHERE application_name LIKE 'asty%'`,
    )
    await client.end()
    return rows[0].text
  }
  const get = (path: string, cookie = '') => fetch(node.url + path, { headers: { Cookie: cookie } })
  let column = 0
  /** Each tile another one: none comes from the cache of the node. */
  const tile = (cookie = '') => get(`/tiles/district/14/${9238 + (column++ % 4)}/6365.mvt?n=${column}`, cookie)
  const until = async (isSo: () => Promise<boolean>) => {
    const end = Date.now() + 30_000
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('waited half a minute for nothing')
      await setImmediate()
    }
  }
  const touch = (settings: Settings) => look(settings, (db) => db('layer').update({ revision: db.raw('revision + 1') }))
  let settings: Settings

  before(async function () {
    const bin = serverPrograms()
    if (!world.config.databaseUrl || !bin) return this.skip()
    made = clusters(bin)
    primary = await made.first()
    dataDir = mkdtempSync(join(tmpdir(), 'asty-replica-'))
    settings = { DATA_DIR: dataDir, DATABASE_URL: primary.url }
    city = townFolder({ [AGENT]: 'agent' })
    const loaded = tool('load-city', [city], settings)
    expect(loaded.status, loaded.stderr).to.equal(0)
    await look(settings, async (db) => {
      await db('account').update({ password_hash: await hashPassword('correct horse') })
      await db('layer').where({ slug: 'boundary' }).update({ visibility: 'public' })
    })
    replica = await made.replicaOf(primary)
    node = await startNode({ ...settings, DATABASE_REPLICA_URL: replica.url })
  })
  after(async () => {
    await node?.stop('SIGKILL')
    await made?.remove()
    for (const folder of [dataDir, city]) if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('encodes tiles, downloads, searches and lists layers for the public', async () => {
    await until(async () => (await tile()).ok && (await queries(replica)).includes('ST_AsMVT'))
    const cases: [string, RegExp][] = [
      ['/opendata/district.geojson', /ST_AsGeoJSON/],
      ['/opendata/reports.geojson', /report/],
      ['/api/search?q=west', /WITH|similarity|latin_key/],
      ['/api/layers', /from "layer"/],
    ]
    for (const [path, query] of cases) {
      expect((await get(path)).status, path).to.equal(200)
      expect(await queries(replica), path).to.match(query)
    }
    // The daily statistics read areas there too; nothing that anybody asks for does.
    expect(await queries(primary)).to.not.match(/ST_AsMVT|ST_AsGeoJSON\((ST_ForcePolygonCCW\()?f\./)
  })

  it('is not asked for staff, nor for what was just written', async () => {
    const signedIn = await fetch(`${node.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: AGENT, password: 'correct horse' }),
    })
    // A connection tells its last query only, and a job may have taken it since.
    await until(async () => {
      await touch(settings)
      return (await tile(sessionIn(signedIn.headers))).ok && (await queries(primary)).includes('ST_AsMVT')
    })
    const sent = await fetch(`${node.url}/api/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(pothole(23.005, 37.01)),
    })
    const { id } = (await sent.json()) as { id: string }
    expect((await get(`/api/reports/${id}`)).status).to.equal(200)
  })

  it('may go away: no request fails, and when it is back it is asked again', async () => {
    const paths = ['/opendata/district.geojson', '/api/search?q=west', '/api/layers']
    let isOver = false
    const statuses: number[] = []
    const visitor = async () => {
      while (!isOver) {
        for (const path of paths) statuses.push((await get(path)).status)
        statuses.push((await tile()).status)
      }
    }
    const visitors = [visitor(), visitor(), visitor()]
    await replica.stop()
    const seen = statuses.length
    await until(async () => statuses.length > seen + 100)
    isOver = true
    await Promise.all(visitors)
    expect(statuses.filter((status) => ![200, 204].includes(status))).to.deep.equal([])
    await touch(settings)
    await tile()
    expect(await queries(primary)).to.match(/ST_AsMVT/)
    await replica.start()
    await until(async () => {
      await touch(settings)
      await tile()
      return (await queries(replica)).includes('ST_AsMVT')
    })
  })

  it('that was made a server of its own is no replica any more', async () => {
    const client = new pg.Client({ connectionString: replica.url })
    await client.connect()
    await client.query('SELECT pg_promote()')
    await client.query(`UPDATE layer SET title = '{"el": "Αλλού", "en": "Elsewhere"}'`)
    await client.end()
    await until(async () => !JSON.stringify(await (await get('/api/layers')).json()).includes('Elsewhere'))
    expect(JSON.stringify(await (await get('/api/layers')).json())).to.not.include('Elsewhere')
  })
})
