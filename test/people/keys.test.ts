// Keys for programs: shown once, for what they name and no more, and gone at once when they are taken back.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

describe('a key for a program', () => {
  let cookie: string
  let owner: string

  before(async () => {
    await smallTown()
    owner = await make.account('firm@town.example', 'citizen')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    cookie = await signIn('firm@town.example')
  })

  const makeKey = async (scopes: string[], more: Record<string, unknown> = {}, as = cookie) =>
    (await post('/api/me/keys', { title: 'Buses', scopes, ...more }, { cookie: as })).body
  const by = (key: string) => ({ headers: { 'X-API-Key': key } })

  it('is shown once, and kept as a hash', async () => {
    const { status, body } = await post('/api/me/keys', { title: 'Buses', scopes: ['reports.write'] }, { cookie })
    expect(status).to.equal(201)
    expect(body['key']).to.match(/^asty_[\w-]{43}$/)
    const listed = await get('/api/me/keys', { cookie })
    expect(listed.body[0]).to.deep.include({ title: 'Buses', scopes: ['reports.write'], last_used_on: null })
    expect(body['key'].startsWith(listed.body[0].start)).to.equal(true)
    const stored = JSON.stringify([listed.body, await world.db('api_key'), await world.db('audit_entry')])
    expect(stored).to.not.include(body['key'])
    const acts = await world.db('audit_entry').where({ action: 'key.make', subject_id: body['id'] })
    expect(acts[0]).to.deep.include({ actor_id: owner })
  })

  it('sends reports for its account, without a cookie', async () => {
    const { key, id } = await makeKey(['reports.write'])
    const sent = await post('/api/reports', pothole(23.005, 37.01), by(key))
    expect(sent.status).to.equal(201)
    const report = await world.db('report').where({ id: sent.body['id'] }).first('reporter_id')
    expect(report.reporter_id).to.equal(owner)
    const used = (await get('/api/me/keys', { cookie })).body.find((each: { id: string }) => each.id === id)
    expect(used.last_used_on).to.match(/^\d{4}-\d\d-\d\d$/)
  })

  it('opens only what its scopes name', async () => {
    const { key } = await makeKey(['reports.write'])
    const refused = await get('/api/me/reports', by(key))
    expect(refused.status).to.equal(403)
    expect(refused.body).to.deep.include({ type: 'urn:asty:problem:scope-missing', scope: 'reports.own' })
    expect((await get('/api/me/keys', by(key))).status).to.equal(403)
    expect((await request('DELETE', '/api/me', by(key))).status).to.equal(403)
    const reader = await makeKey(['reports.own'])
    const own = await get('/api/me/reports', by(reader['key']))
    expect(own.status).to.equal(200)
    expect(own.headers.get('cache-control')).to.equal('no-store')
    expect((await post('/api/reports', pothole(23.005, 37.01), by(reader['key']))).status).to.equal(403)
    expect((await get('/api/reports', by(reader['key']))).status, 'what is open to all stays so').to.equal(200)
  })

  it('of staff opens nothing of what staff may do, also beside their cookie', async () => {
    const head = await signIn('head@town.example')
    const { key } = await makeKey(['reports.write', 'reports.own'], {}, head)
    expect((await get('/api/staff/reports', by(key))).status).to.equal(403)
    const both = await request('GET', '/api/staff/reports', { cookie: head, headers: { 'X-API-Key': key } })
    expect(both.status).to.equal(403)
    expect((await get('/api/events', by(key))).status).to.equal(401)
    expect((await get('/api/session', by(key))).status).to.equal(200)
  })

  it('that is wrong, over, taken back, or of a closed account is refused, also where all may read', async () => {
    expect((await get('/api/reports', by('asty_wrong'))).body['type']).to.match(/wrong-key/)
    const over = await makeKey(['reports.write'], { expires_on: '2999-01-01' })
    expect((await get('/api/reports', by(over['key']))).status).to.equal(200)
    await world.db('api_key').where({ id: over['id'] }).update({ expires_on: '2020-01-01' })
    expect((await get('/api/reports', by(over['key']))).status).to.equal(401)
    const { key, id } = await makeKey(['reports.write'])
    expect((await request('DELETE', `/api/me/keys/${id}`, { cookie })).status).to.equal(204)
    expect((await get('/api/reports', by(key))).status).to.equal(401)
    const closed = await makeKey(['reports.write'])
    await world.db('account').where({ id: owner }).update({ disabled_at: world.db.fn.now() })
    expect((await get('/api/reports', by(closed['key']))).status).to.equal(401)
    await world.db('account').where({ id: owner }).update({ disabled_at: null })
  })

  it('is not made for a day that is over, without a scope, or with one that nobody knows', async () => {
    for (const wrong of [{ expires_on: '2020-01-01' }, { scopes: [] }, { scopes: ['staff.read'] }, { title: ' ' }]) {
      const body = { title: 'Buses', scopes: ['reports.write'], ...wrong }
      const answer = await post('/api/me/keys', body, { cookie })
      expect(answer.status, JSON.stringify(wrong)).to.equal(422)
      expect(answer.body['errors'][0].path).to.match(new RegExp(`^${Object.keys(wrong)[0]}`))
    }
  })

  it('is nobody else’s to see or to take back', async () => {
    const { id } = await makeKey(['reports.write'])
    await make.account('other@town.example', 'citizen')
    const other = await signIn('other@town.example')
    expect((await get('/api/me/keys', { cookie: other })).body).to.deep.equal([])
    expect((await request('DELETE', `/api/me/keys/${id}`, { cookie: other })).status).to.equal(404)
  })

  it('wants a fresh proof, and its owner is told by mail', async () => {
    await world.db.raw('DELETE FROM pgboss.job')
    await makeKey(['reports.write'])
    const { rows } = await world.db.raw(`SELECT count(*)::int AS mails FROM pgboss.job WHERE name = 'mail'`)
    expect(rows[0].mails).to.equal(1)
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    expect((await makeKey(['reports.write']))['type']).to.match(/confirm-needed/)
    cookie = await signIn('firm@town.example')
  })

  it('is one of twenty at most, and is erased with the account', async () => {
    await world.db('api_key').delete()
    const answers = []
    for (let n = 0; n < 21; n++) answers.push(await makeKey(['reports.write']))
    expect(answers.at(-1)?.['type']).to.match(/too-many-keys/)
    expect(await world.db('api_key')).to.have.length(20)
    const key = answers[0]?.['key']
    expect((await request('DELETE', '/api/me', { cookie })).status).to.equal(200)
    expect(await world.db('api_key')).to.deep.equal([])
    expect((await get('/api/reports', by(key))).status).to.equal(401)
  })

  describe('in a hurry', () => {
    let node: Node
    before(async () => (node = await startNode({ rateLimits: true })))
    after(() => node?.close())

    it('is slowed down by itself, and holds up nobody else', async () => {
      await make.account('fast@town.example', 'citizen')
      const as = await signIn('fast@town.example')
      const [fast, calm] = [await makeKey(['reports.own'], {}, as), await makeKey(['reports.own'], {}, as)]
      await world.db('rate_limit').insert({ key: `key:${fast['id']}`, points: 600, expire: Date.now() + 60_000 })
      const ask = (key: string) => fetch(`${node.url}/api/me/reports`, { headers: { 'X-API-Key': key } })
      const answer = await ask(fast['key'])
      expect(answer.status).to.equal(429)
      expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0)
      expect((await ask(calm['key'])).status).to.equal(200)
    })
  })
})
