import { hash } from '@node-rs/argon2'
import { expect } from 'chai'
import { get, post, request, signIn } from '../support/http.ts'
import { make } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('signing in', () => {
  before(async () => {
    await world.reset()
    await make.department('works')
    await make.account('head@town.example', 'department_head', { department: 'works' })
  })

  it('says who one is, and nothing to a stranger', async () => {
    const cookie = await signIn('head@town.example')
    const { body } = await get('/api/session', { cookie })
    expect(body['account']).to.include({ email: 'head@town.example' })
    expect(body['account'].grants[0]).to.deep.include({ role: 'department_head' })
    expect(body['account'].grants[0].department.slug).to.equal('works')
    expect(JSON.stringify(body)).to.not.include('argon2')
    expect((await get('/api/session')).body['account']).to.equal(null)
  })

  it('refuses a wrong password and an unknown address in the same words', async () => {
    const wrong = await post('/api/session', { email: 'head@town.example', password: 'wrong' })
    const unknown = await post('/api/session', { email: 'nobody@town.example', password: 'wrong' })
    expect(wrong.status).to.equal(401)
    const { request_id: _a, ...one } = wrong.body
    const { request_id: _b, ...other } = unknown.body
    expect(one).to.deep.equal(other)
  })

  it('keeps only a hash of the cookie, and ends the session on signing out', async () => {
    const cookie = await signIn('head@town.example')
    const token = cookie.split('=')[1] ?? ''
    const rows = await world.db('session')
    expect(JSON.stringify(rows.map(({ token_hash }) => token_hash.toString()))).to.not.include(token)
    expect((await request('DELETE', '/api/session', { cookie })).status).to.equal(204)
    expect((await get('/api/session', { cookie })).body['account']).to.equal(null)
  })

  it('does not accept a session that has run out', async () => {
    const cookie = await signIn('head@town.example')
    await world.db('session').update({ expires_at: '2020-01-01' })
    expect((await get('/api/session', { cookie })).body['account']).to.equal(null)
  })

  it('ends the session that the browser had before', async () => {
    const before = await signIn('head@town.example')
    const body = { email: 'head@town.example', password: 'correct horse' }
    expect((await post('/api/session', body, { cookie: before })).status).to.equal(200)
    expect((await get('/api/session', { cookie: before })).body['account']).to.equal(null)
  })

  it('is open in twenty browsers at most: the one unused for longest goes', async () => {
    await world.db('session').delete()
    const first = await signIn('head@town.example')
    await world.db('session').update({ last_seen_at: world.db.raw("now() - interval '10 minutes'") })
    for (let n = 0; n < 20; n++) await signIn('head@town.example')
    expect((await get('/api/session', { cookie: first })).body['account']).to.equal(null)
    expect(await world.db('session')).to.have.length(20)
  })

  it('on signing out asks the browser to forget what it has kept', async () => {
    const cookie = await signIn('head@town.example')
    const { headers } = await request('DELETE', '/api/session', { cookie })
    expect(headers.get('clear-site-data')).to.equal('"cache"')
  })
})

describe('a password', () => {
  const LONG = 'ένα δύο τρία Four five six 7 8 9 '.repeat(4).trim()
  const isOpen = async (password: string) =>
    (await post('/api/session', { email: 'long@town.example', password })).status === 200
  let cookie: string
  before(async () => {
    await world.reset()
    await make.account('long@town.example', 'citizen')
    cookie = await signIn('long@town.example')
  })
  const change = (new_password: string, password = 'correct horse') =>
    request('PUT', '/api/me/password', { cookie, body: { password, new_password } })

  it('may be long and of any letters, and counts exactly as it was typed', async () => {
    expect(LONG.length).to.be.greaterThan(64)
    expect((await change(LONG)).status).to.equal(204)
    expect(await isOpen(LONG)).to.equal(true)
    for (const other of [LONG.toUpperCase(), `${LONG} `, LONG.slice(0, 64), LONG.slice(0, -1)])
      expect(await isOpen(other), other).to.equal(false)
  })

  it('may consist of one kind of letters, but not be short, common, or made of what everybody knows of us', async () => {
    const refused = async (password: string) => (await change(password, LONG)).status
    for (const password of ['q7#K!x2Z9', 'password1234', 'qwertyuiop', 'iloveyou2026', 'long@town.example'])
      expect(await refused(password), password).to.equal(422)
    for (const password of ['asty municipality', 'dimotis2026', 'δήμαρχος2026', 'astyastyasty'])
      expect(await refused(password), password).to.equal(422)
    expect(await refused('kalogrousia 77')).to.equal(204)
    expect((await change(LONG, 'kalogrousia 77')).status).to.equal(204)
    const title = { el: 'Δήμος Καλογρουσιάς', en: 'Municipality of Kalogrousia' }
    await world.db('setting').insert({ key: 'places.city', value: JSON.stringify({ title }) })
    expect(await refused('kalogrousia 77'), 'the name of the town').to.equal(422)
    expect(await refused('wombat lantern gravel')).to.equal(204)
  })

  it('is kept as argon2id with at least 19 MiB and two passes', async () => {
    const { password_hash } = await world.db('account').where({ email: 'long@town.example' }).first('password_hash')
    const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d/.exec(password_hash) ?? []
    expect(Number(memory)).to.be.at.least(19_456)
    expect(Number(passes)).to.be.at.least(2)
  })

  it('that was kept with less follows at the next sign-in', async () => {
    const weak = await hash('wombat lantern gravel', { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    await world.db('account').where({ email: 'long@town.example' }).update({ password_hash: weak })
    expect(await isOpen('wombat lantern grave')).to.equal(false)
    const kept = () => world.db('account').where({ email: 'long@town.example' }).first('password_hash')
    expect((await kept()).password_hash).to.equal(weak)
    expect(await isOpen('wombat lantern gravel')).to.equal(true)
    expect((await kept()).password_hash).to.include('$m=19456,t=2,p=1$')
    expect(await isOpen('wombat lantern gravel')).to.equal(true)
  })

  it('needs no renewal', async () => {
    await world.db('account').update({ created_at: '2010-01-01' })
    expect(await isOpen('wombat lantern gravel')).to.equal(true)
  })
})
