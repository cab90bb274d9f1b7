// A contractor over HTTP: what comes onto its tour is offered, and it accepts at a price or declines.
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import sharp from 'sharp'
import { dayAfter, dayInAthens } from '../../backend/core/days.ts'
import { served } from '../../backend/core/http/serve.ts'
import { get, point, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const DAY = dayAfter(dayInAthens(), 7)
const LATER = dayAfter(DAY, 1)

interface Order {
  id: string
  properties: {
    version: number
    status: string
    offer: string | null
    price_cents: number | null
    tour_position: number | null
    crew: { slug: string } | null
    day: string | null
  }
  timeline: { kind: string; status: string | null; note: string | null; actor: string }[]
}

describe('contractors', () => {
  let admin: string
  let head: string
  let firm: string
  let east: string

  before(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    // A member of the crew before it was a contractor's.
    await make.account('firm@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('east@town.example', 'crew_member', { department: 'works', crew: 'crew-east' })
    ;[admin, head, firm, east] = (await Promise.all(['admin', 'head', 'firm', 'east'].map((name) => signIn(`${name}@town.example`)))) as [string, string, string, string] // prettier-ignore
    const body = { version: 1, is_contractor: true, contract_ref: '12/2026' }
    const changed = await request('PATCH', '/api/staff/crews/crew-west', { cookie: admin, body })
    expect(changed.body).to.deep.include({ is_contractor: true, contract_ref: '12/2026' })
  })

  const draft = async (more: Record<string, unknown> = {}) =>
    (await post('/api/staff/work', { task: 'Cut the branch', location: point(23.005, 37.01), department: 'works', ...more }, { cookie: head })).body as Order // prettier-ignore
  const offered = () => draft({ crew: 'crew-west', day: DAY })
  const read = async ({ id }: Order) => (await get(`/api/staff/work/${id}`, { cookie: head })).body as Order
  const plan = async ({ id, properties }: Order, crew: string | null, day: string | null) =>
    (await post(`/api/staff/work/${id}/plan`, { version: properties.version, crew, day }, { cookie: head })).body as Order // prettier-ignore
  const answer = ({ id, properties }: Order, body: Record<string, unknown>, cookie = firm) =>
    post(`/api/staff/work/${id}/offer`, { version: properties.version, answer: 'accepted', ...body }, { cookie })
  const act = ({ id }: Order, what: string) =>
    post(`/api/staff/work/${id}/acts`, { act: what, at: new Date().toISOString(), note: 'We were there' }, { cookie: firm, headers: { 'Idempotency-Key': randomUUID() } }) // prettier-ignore

  describe('have a login of their own', () => {
    /** All that people of a firm may ask for behind the sign-in of staff. */
    const OPEN = [
      'GET /api/staff/work',
      'GET /api/staff/work/{id}',
      'POST /api/staff/work/{id}/offer',
      'POST /api/staff/work/{id}/acts',
      'GET /api/staff/tour',
      'GET /api/staff/tour.pdf',
      'GET /api/staff/crews',
      'GET /api/staff/skills',
      'GET /api/staff/reports/{id}/work',
    ]
    const contact = { name: 'Maria', email: 'maria@mail.example', phone: '+306912345678' }
    const photo = async () => {
      const body = new FormData()
      const pixels = { create: { width: 40, height: 30, channels: 3 as const, background: '#336699' } }
      body.set('file', new Blob([new Uint8Array(await sharp(pixels).jpeg().toBuffer())]), 'photo.jpg')
      return ((await (await fetch(`${world.url}/api/uploads`, { method: 'POST', body })).json()) as { id: string }).id
    }
    const report = async (more: Record<string, unknown> = {}) =>
      (await post('/api/reports', pothole(23.005, 37.01, { contact, photos: [await photo()], ...more }))).body['id'] as string // prettier-ignore
    let given: string, hidden: string, other: string
    let order: Order

    before(async () => {
      await make.category('secret', { parent: 'roads', department: 'works', is_public: false })
      ;[given, hidden, other] = [await report(), await report({ category: 'secret' }), await report()]
      order = await draft({ crew: 'crew-west', day: LATER, reports: [given, hidden] })
    })

    it('opens no door of the town behind their own work', async () => {
      const wrong: string[] = []
      const open: string[] = []
      // Every town that other tests opened has served them once more.
      const doors = new Map(served.map((each) => [`${each.endpoint.method} ${each.endpoint.path}`, each]))
      for (const [name, { endpoint, may }] of doors) {
        if (!endpoint.path.startsWith('/api/staff/') && may !== 'staff.read') continue
        const path = endpoint.path.replace('{id}', /staff\/work/.test(endpoint.path) ? order.id : given).replace(/\{\w+\}/g, '1') // prettier-ignore
        const { status } = await request(endpoint.method, path, { cookie: firm, body: endpoint.body ? {} : undefined })
        if (OPEN.includes(name)) open.push(name)
        else if (status !== 403) wrong.push(`${name}: ${status}`)
      }
      expect(wrong).to.deep.equal([])
      expect(open).to.have.members(OPEN)
    })

    it('shows of the reports of their orders what the work needs, and no one who reported them', async () => {
      const { body } = await get(`/api/staff/work/${order.id}`, { cookie: firm })
      const reports = body['reports'] as { id: string; description: string; photo_urls: string[]; may_close: boolean }[]
      expect(reports.map(({ id }) => id)).to.have.members([given, hidden])
      for (const { description, photo_urls, may_close } of reports) {
        expect(description).to.not.equal('')
        expect(may_close).to.equal(false)
        expect((await get(photo_urls[0]!, { cookie: firm })).status).to.equal(200)
        expect((await get(photo_urls[0]!, { cookie: east })).status).to.equal(404)
      }
      const tour = await get(`/api/staff/tour?day=${LATER}`, { cookie: firm })
      expect(JSON.stringify([body, tour.body])).to.not.match(/Maria|mail\.example|691234/)
      expect((await get(`/api/staff/reports/${given}/work`, { cookie: firm })).status).to.equal(404)
      // Of their crew by the rules, but of no order of theirs.
      const { id } = await world.db('attachment').where({ case_id: other }).first('id')
      expect((await get(`/api/photos/${id}`, { cookie: firm })).status).to.equal(404)
    })

    it('shows no orders of others, and of a shared story their own part', async () => {
      const elsewhere = await draft({ crew: 'crew-east', day: LATER })
      expect((await get(`/api/staff/work/${elsewhere.id}`, { cookie: firm })).status).to.equal(404)
      const listed = (await get('/api/staff/work?limit=500', { cookie: firm })).body['features'] as Order[]
      expect(new Set(listed.map(({ properties }) => properties.crew?.slug))).to.deep.equal(new Set(['crew-west']))
      // Another firm had named its price before.
      const crew = await world.db('crew').where({ slug: 'crew-east' }).first('id')
      const [actor] = await world.db('account').where({ email: 'east@town.example' })
      const shared = await draft({ crew: 'crew-west', day: LATER })
      for (const [kind, note] of [['accepted', '99900'], ['note', 'Their boss drinks']] as const) // prettier-ignore
        await world.db('timeline_entry').insert({ case_id: shared.id, kind, crew_id: kind === 'accepted' ? crew.id : null, actor_id: actor.id, note, is_public: false }) // prettier-ignore
      const story = async (cookie: string) => ((await get(`/api/staff/work/${shared.id}`, { cookie })).body as Order).timeline.map(({ note }) => note) // prettier-ignore
      expect(await story(head)).to.include.members(['99900', 'Their boss drinks'])
      expect(await story(firm))
        .to.not.include.members(['99900'])
        .and.not.include('Their boss drinks')
      expect((await story(firm)).length, 'but that it came to them').to.be.at.least(1)
    })

    it('is for the crew of a contractor, and nobody there has another', async () => {
      const { body } = await request('GET', '/api/session', { cookie: firm })
      expect(body['account'].grants.map(({ role, crew }: never) => [role, (crew as { slug: string }).slug])).to.deep.equal([['contractor', 'crew-west']]) // prettier-ignore
      expect(body['account'].permissions).to.have.members(['work.read', 'work.do'])
      const id = await make.account('new@town.example', 'citizen')
      const grant = (role: string, crew?: string) =>
        post(`/api/staff/people/${id}/grants`, { role, department: 'works', crew }, { cookie: admin })
      for (const [role, crew, kind, path] of [
        ['contractor', undefined, 'contractor-crew-needed', 'crew'],
        ['contractor', 'crew-east', 'contractor-crew-needed', 'crew'],
        ['crew_member', 'crew-west', 'contractors-crew', 'role'],
        ['crew_leader', 'crew-west', 'contractors-crew', 'role'],
      ] as const) {
        const refused = await grant(role, crew)
        expect(refused.status, `${role} ${crew}`).to.equal(422)
        expect(refused.body['type']).to.include(kind)
        expect(refused.body['errors'][0].path).to.equal(path)
      }
      expect((await grant('contractor', 'crew-west')).status).to.equal(201)
    })

    it('is what is left to the people of a crew that becomes one; own staff are never made of it by itself', async () => {
      await make.crew('crew-new', 'works')
      const id = await make.account('both@town.example', 'crew_member', { department: 'works', crew: 'crew-new', valid_to: LATER }) // prettier-ignore
      await world.db('role_grant').insert({ account_id: id, role: 'crew_leader', department_id: world.db('department').select('id').where({ slug: 'works' }), crew_id: world.db('crew').select('id').where({ slug: 'crew-new' }), valid_to: LATER }) // prettier-ignore
      await make.account('agent@town.example', 'agent', { department: 'works' })
      const change = (is_contractor: boolean, version: number) =>
        request('PATCH', '/api/staff/crews/crew-new', { cookie: admin, body: { version, is_contractor } })
      const roles = async () =>
        (await world.db('role_grant').where({ account_id: id, revoked_at: null }).select('role', 'valid_to', 'granted_by')) as { role: string }[] // prettier-ignore
      expect((await change(true, 1)).body['members'].map(({ role }: { role: string }) => role)).to.deep.equal(['contractor']) // prettier-ignore
      const [left, ...more] = await roles()
      expect(more).to.have.length(0)
      expect(left).to.include({ role: 'contractor', valid_to: LATER })
      const audit = await world.db('audit_entry').where({ action: 'crew.change', subject_id: 'crew-new' }).first('detail') // prettier-ignore
      expect(audit.detail.limited).to.equal(2)
      expect((await change(false, 2)).status).to.equal(200)
      expect((await roles()).map(({ role }) => role)).to.deep.equal(['contractor'])
      const agent = await signIn('agent@town.example')
      expect((await get('/api/staff/reports', { cookie: agent })).status, 'others are untouched').to.equal(200)
    })
  })

  it('are crews; of own crews nothing is offered', async () => {
    const order = await draft({ crew: 'crew-east', day: DAY })
    expect(order.properties).to.include({ status: 'planned', offer: null, price_cents: null })
    expect((await answer(order, {}, east)).body['type']).to.include('no-offer')
    const { body } = await get('/api/staff/crews', { cookie: head })
    expect(body.find(({ slug }: { slug: string }) => slug === 'crew-east')).to.include({ is_contractor: false, contract_ref: null }) // prettier-ignore
  })

  it('are offered what comes onto their tour, and no longer when it leaves', async () => {
    let order = await draft()
    expect(order.properties.offer).to.equal(null)
    order = await plan(order, 'crew-west', DAY)
    expect(order.properties.offer).to.equal('offered')
    expect(await world.db('work_order').where({ id: order.id }).first('offered_at')).to.not.include({ offered_at: null }) // prettier-ignore
    order = await plan(order, 'crew-east', DAY)
    expect(order.properties.offer).to.equal(null)
    order = await plan(order, 'crew-west', DAY)
    order = await plan(order, null, null)
    expect(order.properties).to.include({ status: 'draft', offer: null })
  })

  it('are offered what the plan of a day gives them, and keep what they had accepted', async () => {
    const [kept, fresh, own] = [await draft({ crew: 'crew-west', day: LATER }), await draft(), await draft()]
    expect((await answer(kept, { price_cents: 5000 })).status).to.equal(200)
    const stop = ({ id, properties }: Order) => ({ id, version: properties.version, arrive_at: `${LATER}T08:00:00Z` })
    const tours = [
      { crew: 'crew-west', stops: [stop(await read(kept)), stop(fresh)] },
      { crew: 'crew-east', stops: [stop(own)] },
    ]
    expect((await post('/api/staff/tours', { day: LATER, tours }, { cookie: head })).status).to.equal(200)
    expect((await read(fresh)).properties.offer).to.equal('offered')
    expect((await read(kept)).properties).to.include({ offer: 'accepted', price_cents: 5000 })
    expect((await read(own)).properties.offer).to.equal(null)
    // Another day is another question.
    const moved = await plan(await read(kept), 'crew-west', DAY)
    expect(moved.properties).to.include({ offer: 'offered', price_cents: null })
  })

  it('accept at a price: the order stays planned, its story and the audit say so, and they go', async () => {
    const order = await offered()
    const { status, body } = await answer(order, { price_cents: 12_000 })
    expect(status).to.equal(200)
    expect(body['properties']).to.include({ status: 'planned', offer: 'accepted', price_cents: 12_000 })
    expect((body as Order).timeline.at(-1)).to.include({ kind: 'accepted', note: '12000', actor: 'firm@town.example' })
    const audit = await world.db('audit_entry').where({ action: 'work.offer', subject_id: order.id }).first()
    expect(audit.detail).to.deep.include({ answer: 'accepted', price_cents: 12_000 })
    expect((await answer(body as Order, { price_cents: 1 })).body['type']).to.include('no-offer')
    expect((await act(order, 'arrive')).body['refusal']).to.equal(null)
    expect((await act(order, 'done')).body['refusal']).to.equal(null)
    expect((await read(order)).properties).to.include({ status: 'done', offer: 'accepted', price_cents: 12_000 })
  })

  it('accept without a price, as the contract says', async () => {
    const { body } = await answer(await offered(), {})
    expect(body['properties']).to.include({ offer: 'accepted', price_cents: null })
  })

  it('decline with a reason: the order waits to be planned, the gap is closed, and the board hears of it', async () => {
    await world.db('work_order').update({ status: 'draft', crew_id: null, day_on: null, tour_position: null })
    const [first, second, third] = [await offered(), await offered(), await offered()]
    expect((await answer(second, { answer: 'declined' })).body['errors'][0].path).to.equal('reason')
    await world.db('event').delete()
    const { status, body } = await answer(second, { answer: 'declined', reason: 'Our lift is broken' })
    expect(status).to.equal(200)
    expect(body['properties']).to.include({ status: 'draft', offer: 'declined', tour_position: null })
    expect(body['properties']).to.deep.include({ crew: null, day: null })
    expect((body as Order).timeline.at(-1)).to.include({ kind: 'declined', status: 'draft', note: 'Our lift is broken' }) // prettier-ignore
    expect((await read(first)).properties.tour_position).to.equal(1)
    expect((await read(third)).properties.tour_position).to.equal(2)
    expect(await world.db('event').where({ type: 'work.changed', subject_id: second.id })).to.have.length(1)
    // Theirs no more, until it is offered again.
    expect((await get(`/api/staff/work/${second.id}`, { cookie: firm })).status).to.equal(404)
    expect((await plan(await read(second), 'crew-west', DAY)).properties.offer).to.equal('offered')
  })

  it('do nothing to an order that they have not accepted; what they say is kept as a note', async () => {
    const order = await offered()
    for (const what of ['arrive', 'done', 'not_possible']) {
      const { body } = await act(order, what)
      expect(body['refusal']).to.equal('not_accepted')
      expect(body['message'].en).to.include('had not accepted')
    }
    expect((await act(order, 'note')).body['refusal']).to.equal(null)
    const now = await read(order)
    expect(now.properties).to.include({ status: 'planned', offer: 'offered' })
    expect(now.timeline.filter(({ kind }) => kind === 'refused')).to.have.length(3)
    expect(now.timeline.at(-2)).to.include({ kind: 'refused', note: 'We were there' })
  })

  it('are asked anew where it was not possible and is planned again', async () => {
    const order = await offered()
    await answer(order, { price_cents: 7000 })
    await act(order, 'not_possible')
    expect((await plan(await read(order), 'crew-west', DAY)).properties).to.include({ offer: 'offered', price_cents: null }) // prettier-ignore
  })

  it('alone answer: no other crew, and nobody in their name', async () => {
    const order = await offered()
    expect((await answer(order, {}, east)).status).to.equal(404)
    expect((await answer(order, {}, head)).status).to.equal(403)
    expect((await read(order)).properties.offer).to.equal('offered')
  })

  it('are refused an answer to an older version, with both', async () => {
    const order = await offered()
    await request('PATCH', `/api/staff/work/${order.id}`, { cookie: head, body: { version: order.properties.version, task: 'Fell the tree' } }) // prettier-ignore
    const { status, body } = await answer(order, { price_cents: 9000 })
    expect(status).to.equal(409)
    expect(body['type']).to.include('stale-version')
    expect(body['current'].properties.task).to.equal('Fell the tree')
    expect(body['yours']).to.include({ answer: 'accepted', price_cents: 9000 })
    expect((await read(order)).properties.offer).to.equal('offered')
  })
})
