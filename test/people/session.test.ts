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
})
