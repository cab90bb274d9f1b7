// Too many tries: gently refused, with the time to wait; the owner of an account is never shut out by strangers.
import { expect } from 'chai'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { post, pothole, signIn } from '../support/http.ts'
import { world } from '../support/world.ts'

/** A node with its limits on, behind a proxy that tells the callers' addresses. */
const node = () => startNode({ rateLimits: true, trustedProxies: 'loopback' })

describe('limits', function () {
  let one: Node
  let two: Node
  const send = (url: string, path: string, body: unknown, headers: Record<string, string>) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en', ...headers },
      body: JSON.stringify(body),
    })
  const trial = (url: string, password: string, address: string, cookie = '') =>
    send(url, '/api/session', { email: 'owner@town.example', password }, { 'X-Forwarded-For': address, Cookie: cookie })

  before(async () => {
    await smallTown()
    await make.account('owner@town.example', 'citizen')
    ;[one, two] = [await node(), await node()]
  })
  after(() => {
    one?.close()
    two?.close()
  })

  it('a thousand wrong passwords from a thousand addresses guess 30, and the owner still signs in', async () => {
    const known = await trial(one.url, 'correct horse', '10.9.9.9')
    expect(known.status).to.equal(200)
    const device = known.headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('asty_device='))
      ?.split(';')[0]
    const statuses: number[] = []
    for (let batch = 0; batch < 20; batch++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => trial(n % 2 ? one.url : two.url, `guess ${batch} ${n}`, `10.0.${batch}.${n}`)),
      ) // prettier-ignore
      statuses.push(...answers.map(({ status }) => status))
    }
    const refused = statuses.filter((status) => status === 429).length
    expect(statuses.filter((status) => status === 401)).to.have.length.at.most(30)
    expect(refused).to.equal(1000 - statuses.filter((status) => status === 401).length)
    const stranger = await trial(one.url, 'correct horse', '10.1.1.1')
    expect(stranger.status).to.equal(429)
    expect(Number(stranger.headers.get('retry-after'))).to.be.greaterThan(0)
    expect(((await stranger.json()) as { detail: string }).detail).to.match(/Try again in \d+ minutes/)
    expect(
      (await trial(two.url, 'correct horse', '10.1.1.1', device)).status,
      'the owner, on a known browser',
    ).to.equal(200)
  })

  it('a known browser does not open another account, and guesses little itself', async () => {
    await world.db('rate_limit').delete()
    const known = await trial(one.url, 'correct horse', '10.9.9.9')
    const device = known.headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('asty_device='))
      ?.split(';')[0]
    const answers = []
    for (let n = 0; n < 12; n++) answers.push((await trial(one.url, 'wrong', '10.9.9.9', device)).status)
    expect(answers.filter((status) => status === 401)).to.have.length(10)
    expect(answers.slice(-2)).to.deep.equal([429, 429])
  })

  it('count reports by address, across nodes', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 62; n++) {
      const answer = await send(n % 2 ? one.url : two.url, '/api/reports', pothole(23.005, 37.01), { 'X-Forwarded-For': '10.2.2.2' }) // prettier-ignore
      statuses.push(answer.status)
    }
    expect(statuses.filter((status) => status === 201)).to.have.length(60)
    expect(statuses.slice(-2)).to.deep.equal([429, 429])
    const other = await send(one.url, '/api/reports', pothole(23.005, 37.01), { 'X-Forwarded-For': '10.3.3.3' })
    expect(other.status).to.equal(201)
  })

  it('let nobody empty the register of contact details', async () => {
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const cookie = await signIn('head@town.example')
    const headers = { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }
    const { body } = await post('/api/reports', pothole(23.005, 37.01, { contact: { email: 'maria@mail.example' } }))
    const look = (n: number) =>
      send(n % 2 ? one.url : two.url, `/api/staff/reports/${body['id']}/contact`, { reason: 'to ring back' }, headers)
    const statuses: number[] = []
    for (let n = 0; n < 122; n++) statuses.push((await look(n)).status)
    expect(statuses.filter((status) => status === 200)).to.have.length(120)
    expect(statuses.slice(-2)).to.deep.equal([429, 429])
  })

  it('64 sign-ins at once do not hold up other requests', async () => {
    await world.db('rate_limit').delete()
    let done = 0
    const all = Promise.all(
      Array.from({ length: 64 }, async (_, n) => {
        const body = { email: `nobody${n}@town.example`, password: 'wrong' }
        await send(one.url, '/api/session', body, { 'X-Forwarded-For': `10.4.0.${n}` })
        done++
      }),
    )
    for (let n = 0; n < 5; n++) await fetch(`${one.url}/health/live`)
    const doneMeanwhile = done
    await all
    expect(doneMeanwhile).to.be.lessThan(64)
  })

  it('a mailed code is tried ten times at most', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) {
      const guess = { email: 'owner@town.example', code: String(n).padStart(6, '0'), password: 'correct horse' }
      statuses.push((await send(n % 2 ? one.url : two.url, '/api/accounts/verify', guess, { 'X-Forwarded-For': `10.6.0.${n}` })).status) // prettier-ignore
    }
    expect(statuses.filter((status) => status === 401)).to.have.length(10)
    expect(statuses.slice(-2)).to.deep.equal([429, 429])
  })

  it('the field that people do not see refuses a program that fills in everything', async () => {
    const spam = pothole(23.005, 37.01, { website: 'https://spam.example' })
    const answer = await send(one.url, '/api/reports', spam, { 'X-Forwarded-For': '10.5.5.5' })
    expect(answer.status).to.equal(422)
  })
})
