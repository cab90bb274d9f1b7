import { expect } from 'chai'
import { served } from '../../backend/core/http/serve.ts'
import { type Answer, get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('the staff inbox', () => {
  let head: string, crewWest: string, crewEast: string, otherHead: string, citizen: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('east@town.example', 'crew_member', { department: 'works', crew: 'crew-east' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    await make.account('citizen@town.example', 'citizen')
    head = await signIn('head@town.example')
    crewWest = await signIn('west@town.example')
    crewEast = await signIn('east@town.example')
    otherHead = await signIn('parks@town.example')
    citizen = await signIn('citizen@town.example')
  })

  const send = async () =>
    (await post('/api/reports', pothole(23.005, 37.01, { contact: { phone: '2101234567' } }))).body['id'] as string
  const ids = async (cookie: string) =>
    (await get('/api/staff/reports', { cookie })).body['features'].map((f: { id: string }) => f.id) as string[]

  it('shows a report to its department and crew, and to nobody else', async () => {
    const id = await send()
    expect(await ids(head)).to.include(id)
    expect(await ids(crewWest)).to.include(id)
    expect(await ids(crewEast)).to.not.include(id)
    expect(await ids(otherHead)).to.not.include(id)
    expect((await get(`/api/staff/reports/${id}`, { cookie: otherHead })).status).to.equal(404)
    expect((await get('/api/staff/reports', { cookie: citizen })).status).to.equal(403)
    expect((await get('/api/staff/reports')).status).to.equal(401)
  })

  it('shows why a report came here, and how to reach the reporter', async () => {
    const { body } = await get(`/api/staff/reports/${await send()}`, { cookie: head })
    expect(body['routing'].explanation.en).to.include('pothole-west')
    expect(body['contact']).to.deep.equal({ name: null, email: null, phone: '…67' })
    expect(body['next_statuses']).to.include('in_progress')
  })

  it('shows contact details for a reason, writes the look down, and lets the reporter know', async () => {
    const sent = await post('/api/reports', pothole(23.005, 37.01, { contact: { phone: '2101234567' } }))
    const path = `/api/staff/reports/${sent.body['id']}/contact`
    expect((await post(path, { reason: '' }, { cookie: head })).status).to.equal(422)
    expect((await post(path, { reason: 'Which door is it?' }, { cookie: otherHead })).status).to.equal(404)
    const { body } = await post(path, { reason: 'Which door is it?' }, { cookie: head })
    expect(body).to.deep.equal({ phone: '2101234567' })
    const follow = await get(`/api/follow/${sent.body['follow_url'].split('/follow/')[1]}`)
    expect(follow.body['contact_views']).to.have.length(1)
    expect(follow.body['contact_views'][0]).to.deep.include({ reason: 'Which door is it?' })
    expect((await get(`/api/reports/${sent.body['id']}`)).body).to.not.have.property('contact_views')
  })

  it('changes the state with a note that the citizen reads', async () => {
    const id = await send()
    const { status, body } = await post(
      `/api/staff/reports/${id}/status`,
      { status: 'in_progress', note: 'On our way' },
      { cookie: crewWest },
    )
    expect(status).to.equal(200)
    expect(body['properties'].status).to.equal('in_progress')
    const seen = await get(`/api/reports/${id}`)
    expect(seen.body['timeline'].at(-1)).to.include({ status: 'in_progress', note: 'On our way', actor: null })
  })

  it('keeps internal notes internal', async () => {
    const id = await send()
    await post(
      `/api/staff/reports/${id}/status`,
      { status: 'acknowledged', note: 'dangerous dog', is_public: false },
      { cookie: head },
    )
    expect(JSON.stringify((await get(`/api/reports/${id}`)).body)).to.not.include('dangerous dog')
    expect(JSON.stringify((await get(`/api/staff/reports/${id}`, { cookie: head })).body)).to.include('dangerous dog')
  })

  it('refuses moves that the workflow does not know, and rejecting without a reason', async () => {
    const id = await send()
    await post(`/api/staff/reports/${id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    const back = await post(`/api/staff/reports/${id}/status`, { status: 'submitted' }, { cookie: head })
    expect(back.status).to.equal(409)
    const other = await send()
    const silent = await post(`/api/staff/reports/${other}/status`, { status: 'rejected' }, { cookie: head })
    expect(silent.status).to.equal(422)
    expect(silent.body['errors'][0].path).to.equal('note')
  })

  it('gives a report to another department by hand, and remembers that it was by hand', async () => {
    const id = await send()
    const { status, body } = await post(`/api/staff/reports/${id}/assign`, { department: 'parks' }, { cookie: head })
    expect(status).to.equal(200)
    expect(body['properties'].department.slug).to.equal('parks')
    expect(await ids(otherHead)).to.include(id)
    expect(await ids(head)).to.not.include(id)
    expect((await world.db('report').where({ id }).first()).is_assigned_by_hand).to.equal(true)
  })

  it('refuses a crew of another department, and crew members who assign', async () => {
    const id = await send()
    const wrong = await post(
      `/api/staff/reports/${id}/assign`,
      { department: 'parks', crew: 'crew-west' },
      { cookie: head },
    )
    expect(wrong.status).to.equal(422)
    expect(
      (await post(`/api/staff/reports/${id}/assign`, { department: 'parks' }, { cookie: crewWest })).status,
    ).to.equal(403)
  })

  it('pages by keyset without losing or repeating a report', async () => {
    for (let n = 0; n < 5; n++) await send()
    const all = await ids(head)
    const seen: string[] = []
    let next: string | undefined = '/api/staff/reports?limit=2'
    while (next) {
      const { body }: Answer<Record<string, any>> = await get(next, { cookie: head }) // eslint-disable-line @typescript-eslint/no-explicit-any
      seen.push(...body['features'].map((f: { id: string }) => f.id))
      next = body['links'].find((link: { rel: string }) => link.rel === 'next')?.href.slice(world.url.length)
    }
    expect(seen).to.deep.equal(all)
  })

  it('tells the crew of a new report without a reload, and tells others nothing', async () => {
    const listen = async (cookie: string) => {
      const abort = new AbortController()
      const response = await fetch(`${world.url}/api/events`, { headers: { Cookie: cookie }, signal: abort.signal })
      return { reader: response.body!.getReader(), abort }
    }
    const [west, east] = [await listen(crewWest), await listen(crewEast)]
    const heard = { west: '', east: '' }
    const pump = async (name: 'west' | 'east', reader: ReadableStreamDefaultReader<Uint8Array>) => {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) return
        heard[name] += Buffer.from(value).toString()
      }
    }
    const pumps = [pump('west', west.reader), pump('east', east.reader)].map((p) => p.catch(() => undefined))
    const id = await send()
    const start = Date.now()
    while (!heard.west.includes(id) && Date.now() - start < 5000)
      await new Promise((resolve) => setTimeout(resolve, 20))
    west.abort.abort()
    east.abort.abort()
    await Promise.all(pumps)
    expect(heard.west).to.include(`"report.created"`).and.include(id)
    expect(heard.east).to.not.include(id)
  })

  it('is closed to requests from other sites', async () => {
    const id = await send()
    const answer = await post(
      `/api/staff/reports/${id}/status`,
      { status: 'acknowledged' },
      { cookie: head, headers: { Origin: 'https://evil.example' } },
    )
    expect(answer.status).to.equal(403)
  })
})

describe('private categories', () => {
  it('leave through no public door', async function () {
    // Some hundred doors, on a machine that may run other suites.
    this.timeout(240_000)
    await smallTown()
    await make.category('secret', { parent: 'roads', is_public: false })
    const words = 'a neighbour nobody must know of'
    const { body } = await post('/api/reports', pothole(23.005, 37.01, { category: 'secret', description: words }))
    const doors = [
      '/api/reports',
      `/api/reports?q=${encodeURIComponent('neighbour')}`,
      `/api/reports?q=${body['protocol']}`,
      `/api/reports/${body['id']}`,
      '/api/reports/nearby?lon=23.005&lat=37.01',
      '/api/where?lon=23.005&lat=37.01',
      `/api/search?q=${body['protocol']}`,
      '/opendata/reports.geojson',
      `/ogc/collections/reports/items?protocol=${body['protocol']}`,
      `/ogc/collections/reports/items/${body['id']}`,
      `/open311/v2/requests.json?service_request_id=${body['protocol'].replace('/', '-')}&extensions=true`,
      // Every public door there is, and every one that will be added.
      ...served
        .filter(({ endpoint, may }) => endpoint.method === 'GET' && may === 'anyone')
        .map(({ endpoint }) => endpoint.path.replace('{id}', body['id']).replace('{dataset}', 'reports').replace('{collection}', 'reports').replace('{format}', 'json').replace(/\{\w+\}/g, 'report')), // prettier-ignore
    ]
    for (const door of doors) {
      const answer = await get(door)
      const text = JSON.stringify(answer.body)
      expect(text, door).to.not.include(words)
      if (!door.includes(body['id'])) expect(text, door).to.not.include(body['id'])
    }
    expect((await get(`/api/reports/${body['id']}`)).status).to.equal(404)
  })
})
