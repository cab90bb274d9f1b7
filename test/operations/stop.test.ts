// SIGTERM: nobody who is being answered notices.
import { rmSync } from 'node:fs'
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { hashPassword } from '../../backend/people/service.ts'
import { sessionIn } from '../support/http.ts'
import { emptyPlace, look, type Node, type Place, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'

const AGENT = 'agent@town.example'
/** Together more than what the system keeps between two programs (about 10 MB). */
const FEATURES = 4000
const VERTICES = 320

describe('stopping a node', function () {
  this.timeout(180_000)
  let place: Place
  let city: string
  let node: Node

  const status = async (path: string): Promise<number | 'refused'> => {
    const answer = await fetch(node.url + path).catch(() => null)
    return answer?.status ?? 'refused'
  }
  const until = async (isSo: () => Promise<boolean>) => {
    const end = Date.now() + 15_000
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('waited for nothing')
      await wait(20)
    }
  }
  /** A download by somebody who reads nothing until told to. */
  const slowDownload = async () => {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(`${node.url}/opendata/district.geojson`, { agent: false }, resolve).once('error', reject)
    })
    return async () => {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk as Buffer)
      return JSON.parse(Buffer.concat(chunks).toString()) as { features: unknown[] }
    }
  }

  before(async () => {
    place = await emptyPlace()
    city = townFolder({ [AGENT]: 'agent' })
    expect(tool('load-city', [city], place.settings).status).to.equal(0)
    await look(place.settings, async (db) => {
      await db('account').update({ password_hash: await hashPassword('correct horse') })
      await db.raw(
        `INSERT INTO gis.district (code, name, geom)
         SELECT 'far ' || n, n, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(20, 30), 4326), 0.01, ?))
           FROM generate_series(3, ?::int) AS n`,
        [`quad_segs=${VERTICES / 4}`, FEATURES],
      )
    })
  })
  beforeEach(async () => (node = await startNode(place.settings)))
  afterEach(() => node.stop('SIGKILL'))
  after(async () => {
    await place?.remove()
    if (city) rmSync(city, { recursive: true, force: true })
  })

  it('tells the balancer first, then lets a download and a live stream come to their end', async () => {
    const readAll = await slowDownload()
    const signedIn = await fetch(`${node.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: AGENT, password: 'correct horse' }),
    })
    const live = await fetch(`${node.url}/api/events`, { headers: { Cookie: sessionIn(signedIn.headers) } })
    expect(live.status).to.equal(200)
    expect(await status('/health/ready')).to.equal(200)

    const started = Date.now()
    const ended = node.stop('SIGTERM')
    await until(async () => (await status('/health/ready')) === 503)
    expect(await status('/api/layers'), 'meanwhile everybody is still answered').to.equal(200)
    await until(async () => (await status('/health/live')) === 'refused')
    expect(await live.text()).to.match(/^retry: 3000/)
    const { features } = await readAll()
    expect(features).to.have.length(FEATURES)
    expect(await ended).to.equal(0)
    expect(Date.now() - started).to.be.lessThan(20_000)
  })

  it('does not wait for somebody who never reads', async () => {
    await slowDownload()
    const started = Date.now()
    expect(await node.stop('SIGTERM')).to.equal(0)
    expect(Date.now() - started).to.be.within(15_000, 25_000)
  })
})
