// A telephone that is theirs, by a code in a short message; and services that want to know who asks.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { csrfOf } from '../../backend/people/service.ts'
import { get, post, pothole, request, sessionIn, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

describe('a telephone', () => {
  const sent: { to: string; text: string; from: string; token?: string }[] = []
  let gateway: Server
  let node: Node
  let failures = 0
  let cookie: string
  let account: string

  before(async () => {
    await smallTown()
    gateway = createServer((incoming, answer) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on('end', () => {
        if (failures-- > 0) return void answer.writeHead(503).end()
        sent.push({ ...JSON.parse(body), token: incoming.headers.authorization })
        answer.writeHead(202).end()
      })
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    const smsUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`
    node = await startNode(
      { smsUrl, smsToken: 'token-of-the-gateway', smsFrom: 'Town', rateLimits: true },
      { works: true },
    )
    account = await make.account('me@town.example', 'citizen')
    cookie = await signIn('me@town.example')
  })
  after(async () => {
    await node?.close()
    gateway?.close()
  })

  /** At the node whose limits are on. */
  const call = async (path: string, body: unknown) => {
    const response = await fetch(`${node.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en', Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }, // prettier-ignore
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }
  const nextSms = async () => {
    await until(() => sent.length > 0)
    return sent.shift()!
  }

  it('must be a mobile, however it is written', async () => {
    for (const phone of ['2271 350000', '12345', 'nothing', '+44 20 7946 0018']) {
      const { status, body } = await call('/api/me/phone', { phone })
      expect(status, phone).to.equal(422)
      expect(body.errors[0].path).to.equal('phone')
    }
  })

  it('is theirs once the code that was sent there has come back', async () => {
    expect((await call('/api/me/phone', { phone: '691 234-5678' })).status).to.equal(204)
    const sms = await nextSms()
    expect(sms).to.include({ to: '+306912345678', from: 'Town', token: 'Bearer token-of-the-gateway' })
    const code = /\d{6}/.exec(sms.text)?.[0] ?? ''
    const wrong = await call('/api/me/phone/verify', {
      phone: '6912345678',
      code: code === '000000' ? '000001' : '000000',
    })
    expect(wrong.status).to.equal(401)
    const elsewhere = await call('/api/me/phone/verify', { phone: '6987654321', code })
    expect(elsewhere.status, 'the code of one number for another').to.equal(401)
    const old = cookie
    const proven = await call('/api/me/phone/verify', { phone: '+30 691 234 5678', code })
    expect(proven.body.account.phone).to.equal('+306912345678')
    cookie = sessionIn(proven.headers)
    expect((await get('/api/session', { cookie: old })).body['account'], 'the cookie from before').to.equal(null)
    expect((await call('/api/me/phone/verify', { phone: '6912345678', code })).status, 'once').to.equal(401)
  })

  it('is changed only by who has just proven who they are, and the owner is told', async () => {
    const { expires_at } = await world.db('one_time_token').where({ purpose: 'verify_phone' }).first('expires_at')
    expect(Date.parse(expires_at) - Date.now(), 'how long a code counts').to.be.within(1, 10 * 60_000)
    const letters = await world.db.raw(`SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'mail'`)
    expect(letters.rows[0].n, 'of the mobile from before').to.equal(1)
    await world.db('session').update({ authenticated_at: '2026-01-01' })
    const refused = await call('/api/me/phone', { phone: '6912345678' })
    expect(refused.body.type).to.match(/confirm-needed/)
    expect((await request('DELETE', '/api/me/phone', { cookie })).body['type']).to.match(/confirm-needed/)
    await world.db('session').update({ authenticated_at: world.db.fn.now() })
  })

  it('gets a message that the gateway would not take at first', async () => {
    failures = 1
    expect((await call('/api/me/phone', { phone: '6912345678' })).status).to.equal(204)
    await until(() => failures === 0)
    await wait(200)
    await world.db.raw(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`)
    expect((await nextSms()).to).to.equal('+306912345678')
  })

  it('gets few messages a day', async () => {
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await call('/api/me/phone', { phone: '6912345678' })).status)
    expect(statuses).to.deep.equal([204, 204, 204, 429])
  })

  it('is forgotten when they say so', async () => {
    const other = await signIn('me@town.example')
    expect((await request('DELETE', '/api/me/phone', { cookie })).status).to.equal(204)
    expect((await get('/api/session', { cookie: other })).body['account'], 'elsewhere').to.equal(null)
    expect(await world.db('account').where({ id: account }).first('phone', 'phone_verified_at')).to.deep.equal({
      phone: null,
      phone_verified_at: null,
    })
  })
})

describe('a service that wants to know who asks', () => {
  before(async () => {
    await smallTown()
    await world.db('category').where({ slug: 'pothole' }).update({ assurance: 'verified_contact' })
    await make.account('citizen@town.example', 'citizen')
    await make.account('agent@town.example', 'agent')
  })

  it('says how well, takes nothing, and takes it afterwards', async () => {
    expect((await get<{ assurance: string }[]>('/api/categories')).body).to.satisfy((all: { slug: string; assurance: string }[]) =>
      all.some(({ slug, assurance }) => slug === 'pothole' && assurance === 'verified_contact'),
    ) // prettier-ignore
    const refused = await post('/api/reports', pothole(23.005, 37.01))
    expect(refused.status).to.equal(403)
    expect(refused.body).to.deep.include({ assurance: 'verified_contact' })
    expect(await world.db('report').first('id')).to.equal(undefined)
    const cookie = await signIn('citizen@town.example')
    expect((await post('/api/reports', pothole(23.005, 37.01), { cookie })).status).to.equal(201)
  })

  it('and may want more than a checked address; staff act for others', async () => {
    await world.db('category').where({ slug: 'pothole' }).update({ assurance: 'identity_proven' })
    const citizen = await signIn('citizen@town.example')
    expect((await post('/api/reports', pothole(23.005, 37.01), { cookie: citizen })).status).to.equal(403)
    await world.db('session').update({ assurance: 'identity_proven' })
    expect((await post('/api/reports', pothole(23.005, 37.01), { cookie: citizen })).status).to.equal(201)
    const agent = await signIn('agent@town.example')
    expect((await post('/api/reports', pothole(23.005, 37.01), { cookie: agent })).status).to.equal(201)
  })
})
