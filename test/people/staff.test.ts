// Members of staff: invited, with a second step of signing in, limited to their department, crew or area.
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { get, post, pothole, request, sessionIn, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const PASSWORD = 'orange ladder quiet river'

/** The code that an authenticator app would show so many steps from now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })

describe('members of staff', () => {
  let admin: string
  before(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    admin = await signIn('admin@town.example')
  })

  async function invited(email: string, grant: Record<string, unknown>): Promise<{ id: string; token: string }> {
    const { status, body } = await post(
      '/api/staff/people',
      { email, name: 'Eleni', grants: [grant] },
      { cookie: admin },
    )
    expect(status, JSON.stringify(body)).to.equal(201)
    return { id: body['id'], token: body['url'].split('/invitation/')[1] }
  }

  describe('an invitation', () => {
    it('opens an account once, with a password that is not easy to guess', async () => {
      const { token } = await invited('leader@town.example', { role: 'crew_leader', department: 'works' })
      const guest = await get(`/api/invitations/${token}`)
      expect(guest.body).to.deep.equal({ email: 'leader@town.example', name: 'Eleni' })
      const weak = await post(`/api/invitations/${token}`, { password: 'password123' })
      expect(weak.status).to.equal(422)
      expect(weak.body['type']).to.match(/weak-password/)
      const accepted = await post(`/api/invitations/${token}`, { password: PASSWORD })
      expect(accepted.body['account'].email).to.equal('leader@town.example')
      expect((await post(`/api/invitations/${token}`, { password: PASSWORD })).status).to.equal(404)
      expect((await get(`/api/invitations/${token}`)).status).to.equal(404)
    })

    it('runs out', async () => {
      const { token } = await invited('late@town.example', { role: 'press' })
      await world.db('one_time_token').update({ expires_at: '2020-01-01' })
      expect((await post(`/api/invitations/${token}`, { password: PASSWORD })).status).to.equal(404)
    })

    it('is refused whole when a role names what does not exist', async () => {
      const wrong = {
        email: 'x@town.example',
        name: 'X',
        grants: [{ role: 'press' }, { role: 'agent', department: '?' }],
      }
      const { status, body } = await post('/api/staff/people', wrong, { cookie: admin })
      expect(status).to.equal(422)
      expect(body['errors'][0].path).to.equal('grants.1.department')
      expect(await world.db('account').where({ email: 'x@town.example' })).to.deep.equal([])
    })

    it('is for administrators to give, with a fresh proof of who they are', async () => {
      await make.account('head@town.example', 'department_head', { department: 'works' })
      const head = await signIn('head@town.example')
      const guest = { email: 'y@town.example', name: 'Y', grants: [{ role: 'press' }] }
      expect((await post('/api/staff/people', guest, { cookie: head })).status).to.equal(403)
      await make.account('admin2@town.example', 'administrator')
      let stale = await signIn('admin2@town.example')
      await world.db('session').update({ authenticated_at: '2020-01-01' })
      const refused = await post('/api/staff/people', guest, { cookie: stale })
      expect(refused.body['type']).to.match(/confirm-needed/)
      const confirmed = await post('/api/session/confirm', { password: 'correct horse' }, { cookie: stale })
      stale = sessionIn(confirmed.headers)
      expect((await post('/api/staff/people', guest, { cookie: stale })).status).to.equal(201)
      admin = await signIn('admin@town.example')
    })
  })

  describe('the second step of signing in', () => {
    let cookie: string
    let secret: string
    let recovery: string[]

    before(async () => {
      await world
        .db('setting')
        .insert({ key: 'people.second_factor_required', value: 'true' })
        .onConflict('key')
        .merge()
      await make.account('crew@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
      cookie = await signIn('crew@town.example')
    })
    after(() => world.db('setting').update({ value: 'false' }))

    it('must be set up by staff before they see anything', async () => {
      const { body } = await get('/api/session', { cookie })
      expect(body['needs']).to.equal('enrolment')
      expect(body['account'].permissions).to.deep.equal([])
      expect((await get('/api/staff/reports', { cookie })).body['type']).to.match(/enrolment-needed/)
    })

    it('is set up with a first code, and gives recovery codes', async () => {
      const begun = await post('/api/me/second-factor', undefined, { cookie })
      secret = begun.body['secret']
      expect(begun.body['uri']).to.match(/^otpauth:\/\/totp\//)
      const wrong = await request('PUT', '/api/me/second-factor', { cookie, body: { code: '000000' } })
      expect(wrong.status).to.equal(401)
      const done = await request('PUT', '/api/me/second-factor', { cookie, body: { code: codeOf(secret, -1) } })
      recovery = done.body['recovery_codes']
      expect(recovery).to.have.length(10)
      for (const each of recovery) expect(each).to.match(/^[a-z2-9]{4}(-[a-z2-9]{4}){5}$/)
      const fresh = sessionIn(done.headers)
      expect((await get('/api/staff/reports', { cookie: fresh })).status).to.equal(200)
      expect((await get('/api/session', { cookie })).body['account'], 'the old token').to.equal(null)
    })

    it('keeps its secret sealed', async () => {
      const { secret: stored } = await world.db('second_factor').first('secret')
      expect(stored.toString('latin1')).to.not.include(secret)
      expect(JSON.stringify(await world.db('recovery_code'))).to.not.include(recovery[0])
    })

    it('is asked for at the next sign-in, and a code counts once', async () => {
      const half = await signIn('crew@town.example')
      expect((await get('/api/session', { cookie: half })).body['needs']).to.equal('second_factor')
      expect((await get('/api/me/sessions', { cookie: half })).status).to.equal(401)
      const code = codeOf(secret)
      const entered = await post('/api/session/second-factor', { code }, { cookie: half })
      expect(entered.body['needs']).to.equal(null)
      const other = await signIn('crew@town.example')
      const again = await post('/api/session/second-factor', { code }, { cookie: other })
      expect(again.status, 'the same code again').to.equal(401)
    })

    it('can be a recovery code, once', async () => {
      const half = await signIn('crew@town.example')
      const entered = await post('/api/session/second-factor', { code: recovery[0] }, { cookie: half })
      expect(entered.status).to.equal(200)
      const other = await signIn('crew@town.example')
      expect((await post('/api/session/second-factor', { code: recovery[0] }, { cookie: other })).status).to.equal(401)
    })
  })

  describe('roles', () => {
    const send = async (lon: number) => (await post('/api/reports', pothole(lon, 37.01))).body['id'] as string
    const seen = async (cookie: string) =>
      (await get('/api/staff/reports', { cookie })).body['features'].map(({ id }: { id: string }) => id) as string[]

    it('reach as far as department, crew and area together', async () => {
      const [west, east] = [await send(23.005), await send(23.015)]
      const area = { layer: 'district', slug: 'west' }
      await make.account('area@town.example', 'crew_leader', { department: 'works', area })
      const cookie = await signIn('area@town.example')
      expect(await seen(cookie))
        .to.include(west)
        .and.not.include(east)
      expect((await get(`/api/staff/reports/${east}`, { cookie })).status).to.equal(404)
      const change = { status: 'in_progress' }
      expect((await post(`/api/staff/reports/${east}/status`, change, { cookie })).status).to.equal(404)
      expect((await post(`/api/staff/reports/${west}/status`, change, { cookie })).status).to.equal(200)
    })

    it('for all departments show no private cases of any', async () => {
      await make.category('private', { parent: 'roads', department: 'works', is_public: false })
      const body = { ...pothole(23.005, 37.01), category: 'private' }
      const id = (await post('/api/reports', body)).body['id']
      await make.account('agent@town.example', 'agent')
      await make.account('works@town.example', 'department_head', { department: 'works' })
      expect(await seen(await signIn('agent@town.example'))).to.not.include(id)
      expect(await seen(await signIn('works@town.example'))).to.include(id)
      expect(await seen(admin)).to.include(id)
    })

    it('begin and end on their days, and end at once when taken back', async () => {
      const id = await make.account('dated@town.example', 'press', { valid_from: '2020-01-01', valid_to: '2020-12-31' })
      const cookie = await signIn('dated@town.example')
      expect((await get('/api/departments', { cookie })).status).to.equal(403)
      const given = await post(`/api/staff/people/${id}/grants`, { role: 'press' }, { cookie: admin })
      expect(given.status).to.equal(201)
      expect((await get('/api/departments', { cookie })).status).to.equal(200)
      const path = `/api/staff/people/${id}/grants/${given.body['grants'][0].id}`
      expect((await request('DELETE', path, { cookie: admin })).status).to.equal(200)
      expect((await get('/api/departments', { cookie })).status).to.equal(403)
    })

    it('let administrators sign somebody out everywhere, which is written down', async () => {
      const id = await make.account('lost@town.example', 'press')
      const cookie = await signIn('lost@town.example')
      const { body } = await request('DELETE', `/api/staff/people/${id}/sessions`, { cookie: admin })
      expect(body).to.deep.equal({ ended: 1 })
      expect((await get('/api/session', { cookie })).body['account']).to.equal(null)
      expect(await world.db('audit_entry').where({ subject_id: id, action: 'people.end-sessions' })).to.have.length(1)
    })

    it('leave with the account when it is closed, but never the last administrator', async () => {
      const id = await make.account('gone@town.example', 'press')
      const cookie = await signIn('gone@town.example')
      await request('PATCH', `/api/staff/people/${id}`, { cookie: admin, body: { is_disabled: true } })
      expect((await get('/api/session', { cookie })).body['account']).to.equal(null)
      expect((await post('/api/session', { email: 'gone@town.example', password: 'correct horse' })).status).to.equal(
        401,
      )
      const others = await world.db('role_grant').where({ role: 'administrator', revoked_at: null })
      const last = others.pop()!
      await world.db('role_grant').whereIn('id', others.map((grant) => grant.id)).update({ revoked_at: new Date() }) // prettier-ignore
      const path = `/api/staff/people/${last.account_id}/grants/${last.id}`
      await world.db('account').where({ id: last.account_id }).update({ email: 'last@town.example' })
      const refused = await request('DELETE', path, { cookie: await signIn('last@town.example') })
      expect(refused.status).to.equal(409)
    })
  })
})

describe('sessions', () => {
  let cookie: string
  before(async () => {
    await world.reset()
    await make.account('me@town.example', 'citizen')
    cookie = await signIn('me@town.example')
  })

  it('are listed, and can be ended one by one', async () => {
    const other = await signIn('me@town.example')
    const { body } = await get<{ id: string; is_this: boolean }[]>('/api/me/sessions', { cookie })
    expect(body.filter(({ is_this }) => is_this)).to.have.length(1)
    const id = body.find(({ is_this }) => !is_this)?.id
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    const stale = await request('DELETE', `/api/me/sessions/${id}`, { cookie })
    expect(stale.body['type']).to.match(/confirm-needed/)
    await world.db('session').update({ authenticated_at: new Date() })
    expect((await request('DELETE', `/api/me/sessions/${id}`, { cookie })).status).to.equal(204)
    expect((await get('/api/session', { cookie: other })).body['account']).to.equal(null)
  })

  it('end when nobody uses them', async () => {
    const idle = await signIn('me@town.example')
    await world.db('session').update({ last_seen_at: '2020-01-01' })
    expect((await get('/api/session', { cookie: idle })).body['account']).to.equal(null)
    cookie = await signIn('me@town.example')
  })

  it('end elsewhere when the password changes', async () => {
    const other = await signIn('me@town.example')
    const body = { password: 'correct horse', new_password: PASSWORD }
    expect((await request('PUT', '/api/me/password', { cookie, body: { ...body, password: 'x' } })).status).to.equal(
      401,
    )
    expect((await request('PUT', '/api/me/password', { cookie, body })).status).to.equal(204)
    expect((await get('/api/session', { cookie: other })).body['account']).to.equal(null)
    expect((await get('/api/session', { cookie })).body['account'].email).to.equal('me@town.example')
  })

  it('change nothing without the token of the page', async () => {
    const headers = { Cookie: cookie }
    const forged = await request('PUT', '/api/me/password', {
      headers,
      body: { password: PASSWORD, new_password: 'x' },
    })
    expect(forged.status).to.equal(403)
    expect(forged.body['type']).to.match(/cross-site/)
    const nowhere = await request('DELETE', '/api/session', { cookie, headers: { Origin: 'null' } })
    expect(nowhere.status).to.equal(403)
  })

  it('hide in a cookie that only https pages of this host can set', async () => {
    const { headers } = await post('/api/session', { email: 'me@town.example', password: PASSWORD })
    expect(headers.getSetCookie()[0])
      .to.match(/HttpOnly/)
      .and.match(/SameSite=Lax/)
  })
})

describe('the audit trail', () => {
  let auditor: string
  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('auditor@town.example', 'auditor')
    const head = await signIn('head@town.example')
    auditor = await signIn('auditor@town.example')
    const { id } = (await post('/api/reports', pothole(23.005, 37.01))).body as unknown as { id: string }
    for (const status of ['in_progress', 'resolved']) await post(`/api/staff/reports/${id}/status`, { status, note: 'Done' }, { cookie: head })
  }) // prettier-ignore

  it('tells who did what, newest first, and that no seal is broken', async () => {
    const { body } = await get('/api/staff/audit?limit=2', { cookie: auditor })
    expect(body['entries'].map((e: { action: string }) => e.action)).to.deep.equal(['report.change', 'report.change'])
    expect(body['entries'][0]).to.deep.include({ actor: 'head@town.example', detail: { from: 'in_progress', to: 'resolved' } }) // prettier-ignore
    expect(body['broken_at']).to.equal(null)
  })

  it('cannot be changed, and shows it when somebody does so behind its back', async () => {
    const { id } = await world.db('audit_entry').orderBy('id', 'desc').offset(1).first('id')
    const refused = await world.db('audit_entry').where({ id }).update({ action: 'x' }).catch((e: Error) => e.message) // prettier-ignore
    expect(refused).to.match(/append-only/)
    await world.db.transaction(async (trx) => {
      await trx.raw('ALTER TABLE audit_entry DISABLE TRIGGER audit_closed')
      await trx('audit_entry').where({ id }).update({ action: 'report.assign' })
      await trx.raw('ALTER TABLE audit_entry ENABLE TRIGGER audit_closed')
    })
    const { body } = await get('/api/staff/audit', { cookie: auditor })
    expect(body['broken_at']).to.equal(String(id))
    await world.db.transaction(async (trx) => {
      await trx.raw('ALTER TABLE audit_entry DISABLE TRIGGER audit_closed')
      await trx('audit_entry').where({ id }).update({ action: 'report.change' })
      await trx.raw('ALTER TABLE audit_entry ENABLE TRIGGER audit_closed')
    })
  })
})
