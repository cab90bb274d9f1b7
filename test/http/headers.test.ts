// What every answer says to browsers, and what a request may not pretend.
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { expect } from 'chai'
import { get, post, pothole, request } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

const EVERYWHERE = [
  '/',
  '/assets/none.js',
  '/api/city',
  '/api/nothing',
  '/opendata',
  '/tiles/none/1/1/1.mvt',
  '/health/live',
]

/** A request as it stands, where fetch would refuse to send it. */
const raw = (method: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(world.url)
    send({ hostname, port, method, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })

const onTheWire = (text: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })

describe('every answer', () => {
  let https: Node
  before(async () => {
    await smallTown()
    await make.account('me@town.example', 'citizen')
    https = await startNode({ publicUrl: 'https://town.example' })
  })
  after(() => https?.close())

  it('loads nothing foreign, is framed by nobody, is not guessed at and tells nobody where one came from', async () => {
    for (const path of EVERYWHERE) {
      const { headers } = await fetch(world.url + path)
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of ['default-src', "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
        expect(policy, path).to.include(part)
      expect(policy, path).to.not.match(/unsafe|\*/)
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff')
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer')
      expect(headers.get('permissions-policy'), path).to.include('microphone=()')
      expect(headers.get('x-powered-by'), path).to.equal(null)
      if (path !== '/health/live') expect(headers.get('content-type'), path).to.match(/charset=utf-8/i)
    }
  })

  it('is framed by others only where it is the map alone', async () => {
    const { headers } = await fetch(`${world.url}/embed`)
    expect(headers.get('content-security-policy')).to.include('frame-ancestors *').and.include(`script-src 'self'`)
    expect(headers.get('x-frame-options')).to.equal(null)
    for (const path of ['/', '/embed/', '/EMBED', '/embedded', '/desk'])
      expect((await fetch(world.url + path)).headers.get('content-security-policy'), path).to.not.include('ancestors *')
  })

  it('that is data is no page', async () => {
    for (const path of ['/api/city', '/opendata', '/api/photos/x', '/tiles/none/1/1/1.mvt'])
      expect((await get(path)).headers.get('content-security-policy'), path).to.match(/default-src 'none'.*sandbox/)
  })

  it('behind https binds the browser to it for a year, with every name below', async () => {
    const { headers } = await fetch(`${https.url}/api/city`)
    expect(headers.get('strict-transport-security')).to.equal('max-age=31536000; includeSubDomains')
  })

  it('behind https sets only cookies that no other host and no script can touch', async () => {
    const response = await fetch(`${https.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'me@town.example', password: 'correct horse' }),
    })
    const cookies = response.headers.getSetCookie()
    expect(cookies).to.have.length(2)
    for (const cookie of cookies) {
      expect(cookie).to.match(/^__Host-/)
      for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).to.include(part)
      expect(cookie.length).to.be.lessThan(4096)
    }
  })

  it('to other sites opens only what is open to all', async () => {
    const open = async (path: string) =>
      (await get(path, { headers: { Origin: 'https://evil.example' } })).headers.get('access-control-allow-origin')
    expect(await open('/opendata')).to.equal('*')
    for (const path of ['/api/session', '/api/reports', '/api/me/reports', '/'])
      expect(await open(path), path).to.equal(null)
  })

  it('behind a private link is kept by no cache', async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.01))
    const token = body['follow_url'].split('/follow/')[1]
    expect((await get(`/api/follow/${token}`)).headers.get('cache-control')).to.equal('no-store')
  })
})

describe('a request', () => {
  it('that names its length in two ways is refused', async () => {
    const both =
      'POST /api/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(await onTheWire(both)).to.match(/^HTTP\/1.1 400/)
    const twice = 'POST /api/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'
    expect(await onTheWire(twice)).to.match(/^HTTP\/1.1 400/)
  })

  it('of a method that nobody needs gets nothing back', async () => {
    const { status, text } = await raw('TRACE', '/api/city', { 'X-Secret': 'mirror' })
    expect(status).to.equal(404)
    expect(text).to.not.include('mirror')
    expect((await raw('TRACE', '/')).status).to.equal(404)
  })

  it('does not say itself where it comes from or what it is called', async () => {
    const pretended = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Request-Id': 'mine' }
    const { headers } = await get('/api/city', { headers: pretended })
    expect(headers.get('x-request-id')).to.not.equal('mine')
    const sent = await post('/api/reports', pothole(23.005, 37.01), { headers: pretended })
    expect(sent.body['follow_url']).to.match(/^http:\/\/127\.0\.0\.1/)
    const proxied = await startNode({ trustedProxies: 'loopback' })
    const answer = await fetch(`${proxied.url}/api/city`, { headers: pretended })
    proxied.close()
    expect(answer.headers.get('x-request-id')).to.equal('mine')
  })

  it('to a foreign name is refused where letters go out, so that no link in them leads elsewhere', async () => {
    const node = await startNode({ smtpUrl: 'smtp://127.0.0.1:1' })
    const ask = (host: string) =>
      new Promise<number>((resolve) => {
        const { port } = new URL(node.url)
        send({ port, host: '127.0.0.1', path: '/api/city', headers: { Host: host } }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        }).end()
      })
    expect(await ask('evil.example')).to.equal(421)
    expect(await ask(`127.0.0.1:${new URL(node.url).port}`)).to.equal(200)
    node.close()
  })

  it('through a proxy that nobody declared does not read the metrics', async () => {
    expect((await get('/metrics')).status).to.equal(200)
    expect((await get('/metrics', { headers: { 'X-Forwarded-For': '10.1.1.1' } })).status).to.equal(404)
  })

  it('with a parameter twice is refused, and a field that nobody asked for changes nothing', async () => {
    expect((await get('/api/search?q=a&q=b')).status).to.equal(422)
    const extra = { status: 'resolved', is_public: false, due_at: '2000-01-01', protocol: '1', department: 'desk' }
    const text = JSON.stringify(pothole(23.005, 37.01, extra)).replace('{', '{"__proto__":{"is_admin":true},')
    const response = await fetch(`${world.url}/api/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: text,
    })
    const { id } = (await response.json()) as { id: string }
    const report = await world.db('report').where({ id }).first()
    expect(report).to.deep.include({ status: 'submitted', is_public: true })
    expect(({} as { is_admin?: boolean }).is_admin).to.equal(undefined)
    expect((await request('GET', '/opendata/__proto__.geojson')).status).to.equal(404)
  })

  it('for a list of files, for sources or for the repository finds none', async () => {
    for (const path of ['/assets/', '/.git/config', '/package.json', '/backend/app.ts', '/assets/../../package.json']) {
      const { text } = await raw('GET', path)
      expect(text, path).to.not.match(/Index of|repositoryformatversion|"dependencies"|createApp/)
    }
  })
})
