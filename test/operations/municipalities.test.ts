// Two municipalities in one process: whatever one has is nothing to the other (MET-14).
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as send } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { readMunicipalities } from '../../backend/core/municipalities.ts'
import { openSealer } from '../../backend/core/secrets.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { pothole } from '../support/http.ts'
import { emptyPlace, type Node, type Place, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { until } from '../support/until.ts'

const PASSWORD = 'orange ladder quiet river'
const A = 'a.example.gr'
const B = 'b.example.gr'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  cookie: string
  text: string
  body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

describe('municipalities', function () {
  this.timeout(180_000)
  let places: Place[]
  let folders: string[]
  let settings: Record<string, string>
  let node: Node

  /** fetch does not let one choose the Host header. */
  const call = (host: string, method: string, path: string, body?: unknown, cookie = '') =>
    new Promise<Answer>((resolve, reject) => {
      const { port } = new URL(node.url)
      const headers = {
        Host: host,
        'Accept-Language': 'en',
        ...(body instanceof Buffer
          ? { 'Content-Type': 'multipart/form-data; boundary=xyz' }
          : { 'Content-Type': 'application/json' }),
        ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
      }
      const outgoing = send({ hostname: '127.0.0.1', port, method, path, headers }, (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            cookie: (answer.headers['set-cookie'] ?? []).find((each) => each.startsWith('asty_session='))?.split(';')[0] ?? '', // prettier-ignore
            text,
            body: /json/.test(answer.headers['content-type'] ?? '') ? JSON.parse(text) : undefined,
          }),
        )
      })
      outgoing.once('error', reject)
      outgoing.end(body instanceof Buffer ? body : body === undefined ? undefined : JSON.stringify(body))
    })
  const signIn = (host: string, email: string) => call(host, 'POST', '/api/session', { email, password: PASSWORD })

  before(async () => {
    places = [await emptyPlace(), await emptyPlace()]
    folders = [
      townFolder({ 'head@a.example.gr': 'administrator' }),
      townFolder({ 'head@b.example.gr': 'administrator' }),
    ]
    change(folders[0]!, { title: { el: 'Δήμος Α', en: 'Town A' }, hue: 20 })
    writeFileSync(join(folders[0]!, 'crest.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><!-- A --></svg>')
    change(folders[1]!, { title: { el: 'Δήμος Β', en: 'Town B' }, category: 'playground' })
    settings = {
      RATE_LIMITS: 'false',
      MUNICIPALITIES: JSON.stringify([
        { slug: 'town_a', hosts: [A], settings: places[0]!.settings },
        { slug: 'town_b', hosts: [B, 'www.b.example.gr'], settings: places[1]!.settings },
      ]),
    }
    for (const [index, name] of ['town_a', 'town_b'].entries()) {
      const loaded = tool('load-city', [folders[index]!], { ...settings, MUNICIPALITY: name, CITY_PASSWORD: PASSWORD })
      expect(loaded.status, loaded.stderr).to.equal(0)
    }
    node = await startNode(settings)
  })
  after(async () => {
    await node?.stop('SIGKILL')
    for (const place of places ?? []) await place.remove()
    for (const folder of folders ?? []) rmSync(folder, { recursive: true, force: true })
  })

  /** The same town with another face. */
  function change(folder: string, { category, ...branding }: Record<string, unknown>): void {
    const path = join(folder, 'organisation.json')
    const text = readFileSync(path, 'utf8').replaceAll('"pothole"', JSON.stringify(category ?? 'pothole'))
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), ...branding }))
  }

  it('show a face of their own: name, colour, crest, categories', async () => {
    const [a, b] = [(await call(A, 'GET', '/api/city')).body, (await call(B, 'GET', '/api/city')).body]
    expect(a).to.deep.include({ title: { el: 'Δήμος Α', en: 'Town A' }, hue: 20 })
    expect(b).to.deep.include({ title: { el: 'Δήμος Β', en: 'Town B' }, hue: null })
    expect((await call(`${A}:8080`, 'GET', '/crest.svg')).text).to.include('<!-- A -->')
    expect((await call('www.b.example.gr', 'GET', '/crest.svg')).text).to.not.include('<!-- A -->')
    const slugs = async (host: string) => JSON.stringify((await call(host, 'GET', '/api/categories')).body)
    expect(await slugs(A))
      .to.include('pothole')
      .and.not.include('playground')
    expect(await slugs(B))
      .to.include('playground')
      .and.not.include('pothole')
  })

  it('answer to nobody under another name, but to the probes of a balancer', async () => {
    const { status, headers } = await call('c.example.gr', 'GET', '/api/city')
    expect(status).to.equal(421)
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['content-security-policy']).to.match(/default-src 'none'.*frame-ancestors 'none'/)
    expect((await call('10.0.0.1', 'GET', '/health/ready')).status).to.equal(200)
  })

  it('number their own reports, and find nothing of the other', async () => {
    const photo = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#557799' } }).jpeg().toBuffer() // prettier-ignore
    const form = Buffer.concat([
      Buffer.from('--xyz\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'),
      photo,
      Buffer.from('\r\n--xyz--\r\n'),
    ]) // prettier-ignore
    const { id: photoId } = (await call(A, 'POST', '/api/uploads', form)).body
    const a = await call(A, 'POST', '/api/reports', pothole(23.005, 37.01, { photos: [photoId], description: 'unmistakable elephant' })) // prettier-ignore
    const b = await call(B, 'POST', '/api/reports', { ...pothole(23.005, 37.01), category: 'playground' })
    expect([a.status, b.status]).to.deep.equal([201, 201])
    expect(a.body.protocol)
      .to.match(/000001$/)
      .and.equal(b.body.protocol)
    const follow = new URL(a.body.follow_url).pathname.replace('/follow/', '/api/follow/')
    for (const [path, there, here] of [
      [follow, 404, 200],
      [follow.replace('/follow/', `/photos/${photoId}?follow=`), 404, 200],
      [`/api/reports/${a.body.id}`, 404, 200],
    ] as const) {
      expect((await call(B, 'GET', path)).status, path).to.equal(there)
      expect((await call(A, 'GET', path)).status, path).to.equal(here)
    }
    for (const path of ['/api/reports', '/opendata/reports.geojson', '/api/search?q=elephant', '/api/where?lon=23.005&lat=37.01'])
      expect((await call(B, 'GET', path)).text, path).to.not.include('elephant') // prettier-ignore
  })

  it('have their own staff: an account and a session of one are nobody at the other', async () => {
    const a = await signIn(A, 'head@a.example.gr')
    expect(a.status).to.equal(200)
    expect((await signIn(B, 'head@a.example.gr')).status).to.equal(401)
    expect((await call(A, 'GET', '/api/staff/reports', undefined, a.cookie)).status).to.equal(200)
    expect((await call(B, 'GET', '/api/staff/reports', undefined, a.cookie)).status).to.equal(401)
    const people = await call(A, 'GET', '/api/staff/people', undefined, a.cookie)
    expect(people.text).to.include('head@a.example.gr').and.not.include('head@b.example.gr')
  })

  it('hear live only of their own', async () => {
    const { cookie } = await signIn(B, 'head@b.example.gr')
    const { port } = new URL(node.url)
    let heard = ''
    const stream = send(
      { hostname: '127.0.0.1', port, path: '/api/events', headers: { Host: B, Cookie: cookie } },
      (answer) => answer.on('data', (chunk: Buffer) => (heard += chunk.toString())),
    )
    stream.on('error', () => undefined)
    stream.end()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const other = await call(A, 'POST', '/api/reports', pothole(23.015, 37.01))
    const own = await call(B, 'POST', '/api/reports', { ...pothole(23.015, 37.01), category: 'playground' })
    await until(() => heard.includes(`"${own.body.id}"`))
    stream.destroy()
    expect(heard).to.include(`"${own.body.id}"`)
    expect(heard.match(/event: report/g), `also of ${other.body.protocol}`).to.have.length(1)
  })

  it('seal and sign with keys of their own, also when they are given the same', () => {
    const [a, b] = readMunicipalities({ ...settings, SECRET_KEYS: Buffer.alloc(32, 7).toString('base64') }).map(
      openSealer,
    )
    const sealed = a!.seal('secret')
    expect(a!.open(sealed)).to.equal('secret')
    expect(() => b!.open(sealed)).to.throw()
    expect(b!.isSigned('text', a!.sign('text'))).to.equal(false)
  })

  it('are named to every tool; what is wrong with the list is said', () => {
    expect(tool('retention', [], settings).stderr).to.include('MUNICIPALITY=town_a|town_b')
    const list =
      (...each: object[]) =>
      () =>
        readMunicipalities({ MUNICIPALITIES: JSON.stringify(each) })
    const a = { slug: 'a', hosts: ['a.gr'] }
    expect(list(a, { slug: 'b', hosts: ['A.gr'] })).to.throw('the same host name')
    expect(list(a, { slug: 'b', hosts: ['b.gr'], settings: { DATA_DIR: 'data/a' } })).to.throw('the same DATA_DIR')
    expect(list(a, { slug: 'b', hosts: ['b.gr'], settings: { PORT: '1' } })).to.throw('PORT cannot differ')
    expect(list(a, { slug: 'b', hosts: ['b.gr'], settings: { MAIL_FROM: 'x' } })).to.throw(/b: .*MAIL_FROM/s)
    const [one, two] = readMunicipalities({
      DATABASE_URL: 'postgres://db/asty',
      MUNICIPALITIES: JSON.stringify([a, { slug: 'b', hosts: ['b.gr'] }]),
    })
    expect([one?.databaseUrl, two?.databaseUrl]).to.deep.equal(['postgres://db/asty_a', 'postgres://db/asty_b'])
  })
})
