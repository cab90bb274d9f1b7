// Who may file the reports of a category: at every door.
import { expect } from 'chai'
import { get, point, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

interface Listed {
  slug: string
}

describe('who may file', () => {
  let crew: string, citizen: string, agent: string
  const incident = { category: 'incident', location: point(23.005, 37.01), description: 'The road is closed' }
  const keyOf = async (cookie: string) => {
    const made = await post('/api/me/keys', { title: 'Radio', scopes: ['reports.write'] }, { cookie })
    return { 'X-API-Key': made.body['key'] as string }
  }
  const offered = async (options = {}) =>
    (await get<Listed[]>('/api/categories', options)).body.map(({ slug }) => slug).includes('incident')

  before(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    const admin = await signIn('admin@town.example')
    await make.category('incident', { parent: 'roads' })
    const { status, body } = await request('PATCH', '/api/staff/categories/incident', {
      body: { may_file: 'staff', kind: 'incident' },
      cookie: admin,
    })
    expect([status, body['may_file']]).to.deep.equal([200, 'staff'])
    await make.account('crew@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('agent@town.example', 'agent')
    await make.account('maria@town.example', 'citizen')
    ;[crew, agent, citizen] = await Promise.all(['crew', 'agent', 'maria'].map((name) => signIn(`${name}@town.example`))) as [string, string, string] // prettier-ignore
  })

  it('shows what only staff file to staff alone', async () => {
    expect([await offered(), await offered({ cookie: citizen })]).to.deep.equal([false, false])
    expect([await offered({ cookie: crew }), await offered({ cookie: agent })]).to.deep.equal([true, true])
    // A key of a citizen opens no more than no key.
    expect(await offered({ headers: await keyOf(citizen) })).to.equal(false)
  })

  it('refuses the form of others, and takes that of staff', async () => {
    const before = await world.db('report').count('id as n').first()
    for (const cookie of [undefined, citizen]) {
      const { status, body } = await post('/api/reports', incident, { cookie })
      expect([status, body['errors'][0].path]).to.deep.equal([403, 'category'])
      expect(body['type']).to.match(/staff-files$/)
    }
    expect(await world.db('report').count('id as n').first(), 'nothing is kept').to.deep.equal(before)
    const { status, body } = await post('/api/reports', incident, { cookie: crew })
    expect([status, body['category'].slug]).to.deep.equal([201, 'incident'])
    expect((await get(`/api/reports/${body['id']}`)).status, 'and all may read it').to.equal(200)
  })

  it('tells others not where it would go', async () => {
    const { description: _, ...asked } = incident
    expect((await post('/api/route/preview', asked)).status).to.equal(403)
    expect((await post('/api/route/preview', asked, { cookie: agent })).status).to.equal(200)
  })

  it('is registered by telephone', async () => {
    const { status } = await post('/api/staff/reports', { ...incident, language: 'el' }, { cookie: agent })
    expect(status).to.equal(201)
  })

  it('is no service of Open311 but for keys of staff', async () => {
    const services = async (headers = {}) =>
      (await get<{ service_code: string }[]>('/open311/v2/services.json', { headers })).body.map((each) => each.service_code) // prettier-ignore
    const [ofStaff, ofCitizen] = [await keyOf(agent), await keyOf(citizen)]
    expect(await services())
      .to.include('pothole')
      .and.not.include('incident')
    expect(await services(ofCitizen)).to.not.include('incident')
    expect(await services(ofStaff)).to.include('incident')
    expect((await get('/open311/v2/services/incident.json')).status).to.equal(404)
    const send = (headers: Record<string, string>, more = {}) =>
      fetch(`${world.url}/open311/v2/requests.json`, {
        method: 'POST',
        headers: { 'Accept-Language': 'en', ...headers },
        body: new URLSearchParams({ service_code: 'incident', lat: '37.01', long: '23.005', description: 'Closed', ...more }), // prettier-ignore
      })
    const refused = await send(ofCitizen)
    expect(refused.status).to.equal(403)
    expect(await refused.json()).to.deep.equal([
      {
        code: 403,
        description:
          'service_code: This category is for what staff of the municipality notice themselves. Choose another one, or call us.',
      },
    ])
    expect((await send(ofStaff)).status).to.equal(201)
    expect((await send({}, { api_key: ofStaff['X-API-Key'] })).status, 'the key may stand in the form').to.equal(201)
  })

  it('and an account that is staff no more files no more', async () => {
    const keys = await keyOf(agent)
    await world.db('role_grant').where({ role: 'agent' }).delete()
    expect((await post('/api/reports', incident, { headers: keys })).status).to.equal(403)
    expect((await post('/api/reports', incident, { cookie: agent })).status).to.equal(403)
  })
})
