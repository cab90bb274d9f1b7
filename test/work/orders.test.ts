import { expect } from 'chai'
import { type Answer, get, point, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const DAY = '2026-12-01'

/** Accounts of the small town's works department, of parks, and a crew leader. */
async function staff() {
  await smallTown()
  await make.department('parks')
  await make.crew('gardeners', 'parks')
  await make.category('secret', { parent: 'roads', is_public: false })
  const account = async (
    name: string,
    ...rest: Parameters<typeof make.account> extends [string, ...infer R] ? R : never
  ) => {
    // prettier-ignore
    await make.account(`${name}@town.example`, ...rest)
    return signIn(`${name}@town.example`)
  }
  return {
    head: await account('head', 'department_head', { department: 'works' }),
    west: await account('west', 'crew_member', { department: 'works', crew: 'crew-west' }),
    east: await account('east', 'crew_member', { department: 'works', crew: 'crew-east' }),
    leader: await account('leader', 'crew_leader', { department: 'works', crew: 'crew-west' }),
    parks: await account('parks', 'department_head', { department: 'parks' }),
    agent: await account('agent', 'agent'),
  }
}

const report = async (lon = 23.005, more = {}) =>
  (await post('/api/reports', pothole(lon, 37.01, more))).body as { id: string; follow_url: string; protocol: string }

const order = async (cookie: string, input: Record<string, unknown>) =>
  (await post('/api/staff/work', { task: 'Fill the hole', ...input }, { cookie })).body

describe('work orders', () => {
  let who: Awaited<ReturnType<typeof staff>>
  before(async () => {
    who = await staff()
  })

  const ids = async (cookie: string, query = '') =>
    (await get(`/api/staff/work${query}`, { cookie })).body['features'].map((f: { id: string }) => f.id) as string[]

  it('are made from several reports, at the place of the first, with a number, for its department and crew', async () => {
    const [one, two] = [await report(23.005), await report(23.0051)]
    const { status, body, headers } = await post(
      '/api/staff/work',
      { reports: [two.id, one.id], task: 'Fill the hole', priority: 'high' },
      { cookie: who.head },
    )
    expect(status).to.equal(201)
    expect(headers.get('location')).to.equal(`/api/staff/work/${body['id']}`)
    expect(body['geometry'].coordinates[0]).to.equal(23.0051)
    expect(body['properties']).to.deep.include({
      status: 'draft',
      priority: 'high',
      day: null,
      report_count: 2,
      version: 1,
    })
    expect(body['properties'].protocol).to.match(/^\d{4}\/\d{6}$/)
    expect(body['properties'].crew.slug).to.equal('crew-west')
    expect(body['reports'].map((r: { id: string }) => r.id)).to.have.members([one.id, two.id])
    const audit = await world.db('audit_entry').where({ subject_id: body['id'] }).first()
    expect(audit.action).to.equal('work.create')
  })

  it('join many to many: one report has three orders', async () => {
    const { id } = await report()
    for (const department of ['works', 'parks', 'desk']) await order(who.head, { reports: [id], department })
    const { body } = await get(`/api/staff/reports/${id}/work`, { cookie: who.head })
    expect(body['linked'].map((o: { department: { slug: string } }) => o.department.slug)).to.deep.equal(['works', 'parks', 'desk']) // prettier-ignore
    // The head of works follows the orders of others, and cannot open them.
    expect(body['linked'].map((o: { is_own: boolean }) => o.is_own)).to.deep.equal([true, false, false])
  })

  it('are seen by their department and crew, and by nobody else', async () => {
    const { id } = await order(who.head, { reports: [(await report()).id] })
    expect(await ids(who.head)).to.include(id)
    expect(await ids(who.west)).to.include(id)
    for (const cookie of [who.east, who.parks]) {
      expect(await ids(cookie)).to.not.include(id)
      expect((await get(`/api/staff/work/${id}`, { cookie })).status).to.equal(404)
      expect((await post(`/api/staff/work/${id}/acts`, { act: 'arrive', at: '2026-11-21T10:00:00Z' }, { cookie: who.east })).status).to.equal(404) // prettier-ignore
    }
    expect((await get('/api/staff/work')).status).to.equal(401)
    expect((await post('/api/staff/work', { task: 'x', reports: [] }, { cookie: who.west })).status).to.equal(403)
  })

  it('of a private report are private, also where a report is joined or taken away later', async () => {
    const secret = await report(23.005, { category: 'secret', description: 'a neighbour' })
    const { id, properties } = await order(who.head, { reports: [(await report()).id] })
    expect(properties.is_public).to.equal(true)
    expect(await ids(who.agent)).to.include(id)
    await post(`/api/staff/work/${id}/reports`, { reports: [secret.id] }, { cookie: who.head })
    expect(await ids(who.agent)).to.not.include(id)
    expect(await ids(who.head)).to.include(id)
    await request('DELETE', `/api/staff/work/${id}/reports/${secret.id}`, { cookie: who.head })
    expect(await ids(who.agent)).to.include(id)
  })

  it('show a colleague of another department no private report', async () => {
    const secret = await report(23.005, { category: 'secret', description: 'a neighbour' })
    const { id } = await order(who.head, { reports: [secret.id], department: 'parks' })
    const { body } = await get(`/api/staff/work/${id}`, { cookie: who.parks })
    expect(body['reports']).to.deep.equal([])
    expect(body['properties'].report_count).to.equal(1)
  })

  it('are not made from reports, or in departments, that are not one’s own', async () => {
    const { id } = await report()
    const foreign = await post('/api/staff/work', { reports: [id], task: 'x' }, { cookie: who.parks })
    expect(foreign.status).to.equal(404)
    const place = { reports: [], task: 'x', location: point(23.005, 37.01) }
    expect((await post('/api/staff/work', { ...place, department: 'works' }, { cookie: who.parks })).status).to.equal(
      404,
    )
    expect((await post('/api/staff/work', { ...place, department: 'parks' }, { cookie: who.parks })).status).to.equal(
      201,
    )
    const nowhere = await post(
      '/api/staff/work',
      { reports: [], task: 'x', department: 'parks' },
      { cookie: who.parks },
    )
    expect(nowhere.body['type']).to.include('place-needed')
    const outside = { ...place, location: point(24, 37), department: 'parks' }
    expect((await post('/api/staff/work', outside, { cookie: who.parks })).status).to.equal(422)
  })

  it('stand for the main report where a merged one is given', async () => {
    const [main, twin] = [await report(), await report()]
    await post(`/api/staff/reports/${twin.id}/merge`, { into: main.id }, { cookie: who.head })
    const { reports } = await order(who.head, { reports: [twin.id] })
    expect(reports.map((r: { id: string }) => r.id)).to.deep.equal([main.id, twin.id])
    expect(await world.db('work_order_report').pluck('report_id'))
      .to.include(main.id)
      .and.not.include(twin.id)
  })

  it('refuse an edit made on an older version, with both versions', async () => {
    const { id } = await order(who.head, { reports: [(await report()).id] })
    const first = await request('PATCH', `/api/staff/work/${id}`, { body: { version: 1, task: 'Two holes' }, cookie: who.head }) // prettier-ignore
    expect(first.body['properties']).to.include({ version: 2, task: 'Two holes' })
    const second = await request('PATCH', `/api/staff/work/${id}`, { body: { version: 1, task: 'Three holes' }, cookie: who.leader }) // prettier-ignore
    expect(second.status).to.equal(409)
    expect(second.body['current'].properties).to.include({ version: 2, task: 'Two holes' })
    expect(second.body['yours']).to.deep.equal({ version: 1, task: 'Three holes' })
    for (const [verb, body] of [
      ['plan', { crew: 'crew-west', day: DAY }],
      ['cancel', { reason: 'x' }],
    ] as const)
      expect((await post(`/api/staff/work/${id}/${verb}`, { version: 1, ...body }, { cookie: who.head })).status).to.equal(409) // prettier-ignore
  })

  it('are offered to a report nearby while they are open, and joined', async () => {
    const far = await order(who.head, { reports: [(await report(23.015)).id] })
    const near = await order(who.head, { reports: [(await report(23.002)).id] })
    const { id } = await report(23.0023)
    const { body } = await get(`/api/staff/reports/${id}/work`, { cookie: who.head })
    const offered = body['nearby'].map((o: { id: string }) => o.id)
    expect(offered).to.include(near.id)
    expect(offered).to.not.include(far.id)
    await post(`/api/staff/work/${near.id}/reports`, { reports: [id] }, { cookie: who.head })
    const after = await get(`/api/staff/reports/${id}/work`, { cookie: who.head })
    expect(after.body['linked'].map((o: { id: string }) => o.id)).to.deep.equal([near.id])
    expect(after.body['nearby'].map((o: { id: string }) => o.id)).to.not.include(near.id)
    expect((await get(`/api/staff/reports/${id}/work`, { cookie: who.parks })).status).to.equal(404)
  })

  it('are listed page by page without losing or repeating one', async () => {
    const all = await ids(who.head, '?limit=500')
    const seen: string[] = []
    let next: string | undefined = '/api/staff/work?limit=2'
    while (next) {
      const { body }: Answer<Record<string, any>> = await get(next, { cookie: who.head }) // eslint-disable-line @typescript-eslint/no-explicit-any
      seen.push(...body['features'].map((f: { id: string }) => f.id))
      next = body['links'].find((link: { rel: string }) => link.rel === 'next')?.href.slice(world.url.length)
    }
    expect(seen).to.deep.equal(all)
    expect((await get('/api/staff/work?cursor=nonsense', { cookie: who.head })).status).to.equal(422)
  })

  it('are heard of at once by those who may see them, and by nobody else', async () => {
    const heard = { west: '', parks: '' }
    const abort = new AbortController()
    const pumps = (['west', 'parks'] as const).map(async (name) => {
      const response = await fetch(`${world.url}/api/events`, { headers: { Cookie: who[name] }, signal: abort.signal })
      for await (const chunk of response.body!) heard[name] += Buffer.from(chunk).toString()
    })
    while (!heard.west || !heard.parks) await new Promise((resolve) => setTimeout(resolve, 20))
    const { id } = await order(who.head, { reports: [(await report()).id] })
    const start = Date.now()
    while (!heard.west.includes(id) && Date.now() - start < 5000)
      await new Promise((resolve) => setTimeout(resolve, 20))
    abort.abort()
    await Promise.allSettled(pumps)
    expect(heard.west).to.include('event: work').and.include('work.created').and.include(id)
    expect(heard.parks).to.not.include(id)
  })

  describe('on the tours', () => {
    const plan = async (id: string, version: number, body: Record<string, unknown>, cookie = who.head) =>
      (await post(`/api/staff/work/${id}/plan`, { version, ...body }, { cookie })).body
    const tour = async (crew: string, day = DAY, cookie = who.head) =>
      (await get(`/api/staff/tour?crew=${crew}&day=${day}`, { cookie })).body['stops'].map((s: { id: string; properties: { tour_position: number } }) => [s.id, s.properties.tour_position]) // prettier-ignore
    const three = async () => {
      const made: string[] = []
      for (let n = 0; n < 3; n++) made.push((await order(who.head, { reports: [(await report()).id], crew: 'crew-west', day: DAY })).id) // prettier-ignore
      return made as [string, string, string]
    }
    beforeEach(() => world.db.raw('DELETE FROM work_order'))

    it('are planned at the end, or before another stop, and every stop keeps its number', async () => {
      const [a, b, c] = await three()
      expect(await tour('crew-west')).to.deep.equal([[a, 1], [b, 2], [c, 3]]) // prettier-ignore
      const version = async (id: string) => (await get(`/api/staff/work/${id}`, { cookie: who.head })).body['properties'].version // prettier-ignore
      await plan(c, await version(c), { crew: 'crew-west', day: DAY, before: a })
      expect(await tour('crew-west')).to.deep.equal([[c, 1], [a, 2], [b, 3]]) // prettier-ignore
      await plan(c, await version(c), { crew: 'crew-west', day: DAY, before: b })
      expect(await tour('crew-west')).to.deep.equal([[a, 1], [c, 2], [b, 3]]) // prettier-ignore
      await plan(a, await version(a), { crew: 'crew-west', day: DAY })
      expect(await tour('crew-west')).to.deep.equal([[c, 1], [b, 2], [a, 3]]) // prettier-ignore
      await plan(b, await version(b), { crew: 'crew-east', day: DAY })
      expect(await tour('crew-west')).to.deep.equal([[c, 1], [a, 2]]) // prettier-ignore
      expect(await tour('crew-east')).to.deep.equal([[b, 1]])
      const off = await plan(c, await version(c), { crew: 'crew-west', day: null })
      expect(off['properties']).to.include({ status: 'draft', tour_position: null })
      expect(await tour('crew-west')).to.deep.equal([[a, 1]])
    })

    it('stay in order when two people move stops at once', async () => {
      const [a, b, c] = await three()
      await Promise.all([
        plan(a, 2, { crew: 'crew-west', day: DAY }),
        plan(c, 2, { crew: 'crew-west', day: DAY, before: b }),
      ])
      expect((await tour('crew-west')).map(([, place]: [string, number]) => place)).to.deep.equal([1, 2, 3])
    })

    it('show a crew its own day only', async () => {
      const [a] = await three()
      const { body } = await get(`/api/staff/tour?day=${DAY}`, { cookie: who.west })
      expect(body['crew'].slug).to.equal('crew-west')
      expect(body['stops'][0].id).to.equal(a)
      expect(body['stops'][0].reports[0].description).to.equal('A deep hole in the road')
      expect((await get(`/api/staff/tour?crew=crew-west&day=${DAY}`, { cookie: who.east })).body['stops']).to.deep.equal([]) // prettier-ignore
      expect((await get('/api/staff/tour?day=2026-12-02', { cookie: who.west })).body['stops']).to.deep.equal([])
      expect(await ids(who.head, `?day=${DAY}&crew=crew-west`)).to.have.length(3)
      expect(await ids(who.head, '?unplanned=true')).to.have.length(0)
    })

    it('take no order that is finished, and no crew that is not there', async () => {
      const [a] = await three()
      await post(`/api/staff/work/${a}/cancel`, { version: 2, reason: 'Sold' }, { cookie: who.head })
      const again = await plan(a, 3, { crew: 'crew-west', day: '2026-12-02' })
      expect(again['type']).to.include('work-not-allowed')
      expect((await plan(a, 3, { crew: 'nobody', day: DAY }))['type']).to.include('unknown-department')
    })
  })
})
