// Whole days over HTTP: proposed, compared with what is planned by hand, taken over, planned anew.
import { expect } from 'chai'
import { dayAfter, dayInAthens } from '../../backend/core/days.ts'
import { drivingDistances, renewWalkNetwork } from '../../backend/places/service.ts'
import { get, point, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { sheetAt } from '../support/pdf.ts'
import { world } from '../support/world.ts'

const DAY = dayAfter(dayInAthens(), 7)
const TODAY = dayInAthens()
const EVERY_DAY = '{1,2,3,4,5,6,7}'

type Order = { id: string; properties: { version: number } }

describe('tours of a day', () => {
  let head: string
  let leader: string
  let parks: string

  beforeEach(async () => {
    await smallTown()
    await make.department('parks')
    await make.crew('gardeners', 'parks')
    const depot = world.db.raw('ST_SetSRID(ST_MakePoint(23.01, 37.001), 4326)')
    await world.db('crew').update({ depot, weekdays: EVERY_DAY, shift_from: '00:00', shift_to: '23:59' })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('leader@town.example', 'crew_leader', { department: 'works', crew: 'crew-west' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    ;[head, leader, parks] = (await Promise.all(['head', 'leader', 'parks'].map((name) => signIn(`${name}@town.example`)))) as [string, string, string] // prettier-ignore
  })

  let n = 0
  const order = async (lon: number, more: Record<string, unknown> = {}): Promise<Order> =>
    (await post('/api/staff/work', { task: `work ${++n}`, location: point(lon, 37.01), department: 'works', ...more }, { cookie: head })).body as Order // prettier-ignore
  const propose = (body: Record<string, unknown> = {}, cookie = head) =>
    post('/api/staff/tours/plan', { day: DAY, department: 'works', ...body }, { cookie })
  const ids = (tour: { stops: { id: string }[] }) => tour.stops.map(({ id }) => id)
  const stopsOf = (plan: Plan) => plan.tours.flatMap(ids)
  interface Plan {
    tours: { crew: { slug: string }; stops: { id: string; version: number; arrive_at: string; late_min: number }[] }[]
    left: { id: string; reason: string; version: number; was_planned: boolean }[]
    distance_m: number
    late_min: number
  }
  const asApplied = ({ tours, left }: Plan) => ({
    day: DAY,
    tours: tours.map(({ crew, stops }) => ({
      crew: crew.slug,
      stops: stops.map(({ id, version, arrive_at }) => ({ id, version, arrive_at })),
    })),
    off: left.filter(({ was_planned }) => was_planned).map(({ id, version }) => ({ id, version })),
  })
  const tour = async (crew: string, day = DAY) =>
    (await get(`/api/staff/tour?day=${day}&crew=${crew}`, { cookie: head })).body['stops'] as {
      id: string
      properties: { tour_position: number; status: string; planned_at: string | null }
    }[]
  const skill = async (slug: string, crew: string) => {
    const [made] = await world.db('skill').insert({ slug, title: JSON.stringify({ el: slug, en: slug }) }).returning('id') // prettier-ignore
    const { id } = await world.db('crew').where({ slug: crew }).first('id')
    await world.db('crew_skill').insert({ crew_id: id, skill_id: made.id })
  }

  /** Days that were planned, by this file and others: the audit is never emptied. */
  const planned = async () => (await world.db('audit_entry').where({ action: 'work.plan_day' }).select('id')).length

  it('are proposed from what waits, beside the tours made by hand, and nothing is stored', async () => {
    const before = await planned()
    // By hand: from one end of the town to the other and back.
    const zigzag = []
    for (const lon of [23.001, 23.019, 23.002, 23.018]) zigzag.push(await order(lon, { crew: 'crew-west', day: DAY }))
    const waiting = await order(23.0185)
    const { status, body } = await propose()
    expect(status).to.equal(200)
    const [plan, hand] = [body['plan'], body['by_hand']] as [Plan, Plan]
    expect(stopsOf(plan)).to.have.members([...zigzag, waiting].map(({ id }) => id))
    expect(plan.left).to.deep.equal([])
    expect(hand.tours.map(ids)).to.deep.equal([[], zigzag.map(({ id }) => id)])
    expect(hand.left).to.deep.include.members([{ ...hand.left[0]!, id: waiting.id, reason: 'unplanned', was_planned: false }]) // prettier-ignore
    expect(plan.distance_m).to.be.below(hand.distance_m * 0.7)
    expect(body['distances']).to.equal('straight')
    expect((await tour('crew-west')).map(({ id }) => id)).to.deep.equal(zigzag.map(({ id }) => id))
    expect(await planned(), 'the audit').to.equal(before)
  })

  it('give work only to crews that have the skills, the shift and the load for it, and say why not', async () => {
    await skill('lift', 'crew-east')
    await world.db('crew').where({ slug: 'crew-east' }).update({ load_units: 5 })
    await world.db('crew').where({ slug: 'crew-west' }).update({ load_units: 20 })
    const lifted = await order(23.001, { skills: ['lift'] })
    const heavy = await order(23.001, { skills: ['lift'], load_units: 6 })
    const long = await order(23.001, { planned_min: 1440 })
    await world.db('skill').insert({ slug: 'flying', title: JSON.stringify({ el: 'x', en: 'x' }) })
    const flying = await order(23.001, { skills: ['flying'] })
    const { plan } = (await propose()).body as { plan: Plan }
    expect(plan.tours.find(({ crew }) => crew.slug === 'crew-east')!.stops.map(({ id }) => id)).to.deep.equal([lifted.id]) // prettier-ignore
    expect(Object.fromEntries(plan.left.map(({ id, reason }) => [id, reason]))).to.deep.equal({
      [heavy.id]: 'too_heavy',
      [long.id]: 'too_long',
      [flying.id]: 'no_crew',
    })
  })

  it('keep windows and promises of the day, and say how late both plans are', async () => {
    const { id } = await order(23.019, { window: { from: '09:00', to: '09:30' }, crew: 'crew-west', day: DAY })
    // By hand it comes last, after seven hours of other work.
    for (const lon of [23.001, 23.002])
      await request('POST', `/api/staff/work/${(await order(lon, { planned_min: 360 })).id}/plan`, {
        cookie: head,
        body: { version: 1, crew: 'crew-west', day: DAY, before: id },
      })
    await world.db('crew').update({ shift_from: '07:00', shift_to: '22:00' })
    const { body } = await propose()
    const [plan, hand] = [body['plan'], body['by_hand']] as [Plan, Plan]
    expect(hand.late_min).to.be.above(300)
    expect(plan.late_min).to.equal(0)
    const stop = plan.tours.flatMap(({ stops }) => stops).find((one) => one.id === id) as unknown as { start_at: string } // prettier-ignore
    const clock = new Date(stop.start_at).toLocaleTimeString('sv', { timeZone: 'Europe/Athens' })
    expect(clock >= '09:00:00' && clock <= '09:30:00', clock).to.equal(true)
  })

  it('are taken over as a whole: places, times, story, audit, and one event for each order', async () => {
    const before = await planned()
    const orders = []
    for (const lon of [23.001, 23.019, 23.002]) orders.push(await order(lon, { crew: 'crew-west', day: DAY }))
    orders.push(await order(23.018))
    const { plan } = (await propose()).body as { plan: Plan }
    await world.db('event').delete()
    const { status, body } = await post('/api/staff/tours', asApplied(plan), { cookie: head })
    expect(status).to.equal(200)
    expect(body).to.deep.equal({ planned: 4, taken_off: 0 })
    for (const { crew, stops } of plan.tours) {
      const now = await tour(crew.slug)
      expect(now.map(({ id }) => id)).to.deep.equal(stops.map(({ id }) => id))
      expect(now.map(({ properties }) => properties.tour_position)).to.deep.equal(now.map((_, place) => place + 1))
      expect(now.map(({ properties }) => Date.parse(properties.planned_at ?? ''))).to.deep.equal(stops.map(({ arrive_at }) => Date.parse(arrive_at))) // prettier-ignore
    }
    const events = await world.db('event').where({ type: 'work.changed' }).select('subject_id')
    expect(events.map(({ subject_id }) => subject_id)).to.have.members(orders.map(({ id }) => id))
    expect(await planned()).to.equal(before + 1)
    const detail = await get(`/api/staff/work/${orders[3]!.id}`, { cookie: head })
    expect(detail.body['timeline'].at(-1)).to.deep.include({ kind: 'assigned', note: DAY })
    // What is moved by hand afterwards, and what comes after it, is expected at no certain time any more.
    const [first, ...rest] = (await tour('crew-west')).length > 1 ? await tour('crew-west') : await tour('crew-east')
    const version = (await get(`/api/staff/work/${first!.id}`, { cookie: head })).body['properties'].version
    const slug = (await get(`/api/staff/work/${first!.id}`, { cookie: head })).body['properties'].crew.slug
    await post(`/api/staff/work/${first!.id}/plan`, { version, crew: slug, day: DAY }, { cookie: head })
    expect((await tour(slug)).map(({ properties }) => properties.planned_at)).to.deep.equal([first, ...rest].map(() => null)) // prettier-ignore
  })

  it('are refused with both versions where somebody was faster, and then nothing is changed', async () => {
    const [one, two] = [await order(23.001), await order(23.002)]
    const { plan } = (await propose()).body as { plan: Plan }
    await request('PATCH', `/api/staff/work/${two.id}`, { cookie: head, body: { version: 1, task: 'other words' } })
    const { status, body } = await post('/api/staff/tours', asApplied(plan), { cookie: head })
    expect(status).to.equal(409)
    expect(body['current'].map((o: Order & { properties: { task: string } }) => [o.id, o.properties.version, o.properties.task])).to.deep.equal([[two.id, 2, 'other words']]) // prettier-ignore
    expect(body['yours'].map(({ id, version }: { id: string; version: number }) => [id, version])).to.deep.equal([[two.id, 1]]) // prettier-ignore
    expect((await get(`/api/staff/work/${one.id}`, { cookie: head })).body['properties']).to.deep.include({ status: 'draft', version: 1 }) // prettier-ignore
    // A crew that has arrived is not sent elsewhere.
    const again = ((await propose()).body as { plan: Plan }).plan
    await world.db('work_order').where({ id: one.id }).update({ status: 'under_way' })
    expect((await post('/api/staff/tours', asApplied(again), { cookie: head })).body['type']).to.include('work-not-allowed') // prettier-ignore
  })

  it('take off what finds no place, and leave alone the tours that are not taken over', async () => {
    const orders = []
    for (const lon of [23.001, 23.002, 23.003]) orders.push(await order(lon, { crew: 'crew-west', day: DAY, planned_min: 600 })) // prettier-ignore
    await world.db('crew').update({ shift_from: '07:00', shift_to: '18:00' })
    const { plan } = (await propose()).body as { plan: Plan }
    expect(plan.left.length).to.equal(1)
    expect(plan.left[0]).to.deep.include({ reason: 'no_room', was_planned: true })
    const all = asApplied(plan)
    const east = all.tours.filter(({ crew }) => crew === 'crew-east')
    await post('/api/staff/tours', { ...all, tours: east }, { cookie: head })
    expect((await tour('crew-west')).length).to.equal(1)
    expect((await tour('crew-west'))[0]!.properties.tour_position).to.equal(1)
    expect((await tour('crew-east')).length).to.equal(1)
    const { status, crew } = (await get(`/api/staff/work/${plan.left[0]!.id}`, { cookie: head })).body['properties']
    expect([status, crew]).to.deep.equal(['draft', null])
  })

  it('keep what is done and under way when an urgent order comes: the crew goes on from where it is, now', async () => {
    const stops: Order[] = []
    for (const lon of [23.001, 23.002, 23.019])
      stops.push(await order(lon, { crew: 'crew-west', day: TODAY, planned_min: 5 }))
    const act = async (id: string, what: string) =>
      post(
        `/api/staff/work/${id}/acts`,
        { act: what, at: new Date().toISOString() },
        { cookie: await signIn('west@town.example') },
      )
    await act(stops[0]!.id, 'arrive')
    await act(stops[0]!.id, 'done')
    await act(stops[1]!.id, 'arrive')
    await world.db('crew').where({ slug: 'crew-east' }).update({ is_active: false })
    const urgent = await order(23.0021, { priority: 'urgent', planned_min: 5 })
    const { plan } = (await propose({ day: TODAY })).body as { plan: Plan & { tours: { begun: number; leave_at: string; from: { coordinates: number[] } }[] } } // prettier-ignore
    const [west] = plan.tours
    expect(plan.tours.length).to.equal(1)
    expect(west!.begun).to.equal(2)
    expect(west!.from.coordinates[0]).to.equal(23.002)
    const last = (await world.db('work_order').max('started_at as at'))[0] as { at: string }
    expect(Date.parse(west!.leave_at), 'after the five minutes that it takes').to.be.closeTo(Date.parse(last.at) + 5 * 60_000, 2000) // prettier-ignore
    expect(ids(west!)).to.deep.equal([urgent.id, stops[2]!.id])
    const { status } = await post('/api/staff/tours', { ...asApplied(plan), day: TODAY }, { cookie: head })
    expect(status).to.equal(200)
    expect((await tour('crew-west', TODAY)).map(({ id, properties }) => [id, properties.status])).to.deep.equal([
      [stops[0]!.id, 'done'],
      [stops[1]!.id, 'under_way'],
      [urgent.id, 'planned'],
      [stops[2]!.id, 'planned'],
    ])
  })

  it('leave planned stops with their crew where that is asked for', async () => {
    const far = await order(23.001, { crew: 'crew-east', day: DAY })
    await world.db('crew').where({ slug: 'crew-east' }).update({ depot: world.db.raw('ST_SetSRID(ST_MakePoint(23.019, 37.01), 4326)') }) // prettier-ignore
    await world.db('crew').where({ slug: 'crew-west' }).update({ depot: world.db.raw('ST_SetSRID(ST_MakePoint(23.001, 37.01), 4326)') }) // prettier-ignore
    const crewOf = (plan: Plan) => plan.tours.find((one) => ids(one).includes(far.id))?.crew.slug
    expect(crewOf(((await propose()).body as { plan: Plan }).plan)).to.equal('crew-west')
    expect(crewOf(((await propose({ keep_planned: true })).body as { plan: Plan }).plan)).to.equal('crew-east')
  })

  it('are planned only by those whose business it is, for their own crews and orders', async () => {
    const own = await order(23.001, { crew: 'crew-west' })
    const other = await order(23.002, { crew: 'crew-east' })
    expect((await propose({}, await signIn('west@town.example'))).status).to.equal(403)
    expect((await propose({}, parks)).body['type']).to.include('no-crews')
    expect((await propose({ crews: ['crew-east'] }, leader)).body['errors'][0].path).to.equal('crews.0')
    const { plan } = (await propose({}, leader)).body as { plan: Plan }
    expect(stopsOf(plan)).to.deep.equal([own.id])
    const arrive_at = plan.tours[0]!.stops[0]!.arrive_at
    const foreign = (crew: string, id: string) =>
      post('/api/staff/tours', { day: DAY, tours: [{ crew, stops: [{ id, version: 1, arrive_at }] }] }, { cookie: leader }) // prettier-ignore
    expect((await foreign('crew-east', own.id)).status).to.equal(422)
    expect((await foreign('crew-west', other.id)).status).to.equal(404)
  })

  it('are printed with map and list, stop by stop, over as many pages as they need; for those who may see them', async () => {
    for (let i = 0; i < 30; i++) await order(23.001 + i / 2000, { crew: 'crew-west', day: DAY })
    const { plan } = (await propose({ crews: ['crew-west'] })).body as { plan: Plan }
    await post('/api/staff/tours', asApplied(plan), { cookie: head })
    const path = `/api/staff/tour.pdf?day=${DAY}&crew=crew-west&language=en`
    const { words, info } = await sheetAt(path, world.url, head)
    expect(info).to.match(/Tagged:\s+yes/)
    expect(Number(/Pages:\s+(\d+)/.exec(info)?.[1])).to.be.above(1)
    const tasks = (await tour('crew-west')) as unknown as { properties: { task: string } }[]
    expect(tasks.length).to.equal(30)
    for (const { properties } of tasks) expect(words).to.include(properties.task)
    expect(words).to.match(/arrival \d\d:\d\d · 30 minutes/)
    // Of another crew's people and of other departments' nobody sees a stop.
    expect((await sheetAt(path, world.url, parks)).words).to.include('no stops')
    expect((await get('/api/staff/tour.pdf?crew=moon', { cookie: head })).status).to.equal(404)
    expect((await get(path)).status).to.equal(401)
  })

  it('are not planned for a day that is over, or on which nobody works', async () => {
    expect((await propose({ day: dayAfter(TODAY, -1) })).body['type']).to.include('day-over')
    await world.db('crew').update({ weekdays: '{}' })
    expect((await propose()).body['type']).to.include('no-crews')
    await world.db('crew').update({ weekdays: EVERY_DAY, is_active: false })
    expect((await propose({ crews: ['crew-west'] })).body['type']).to.include('no-crews')
  })

  describe('with the streets, where the server has pgRouting', () => {
    beforeEach(async function () {
      const { rows } = await world.db.raw(`SELECT FROM pg_available_extensions WHERE name = 'pgrouting'`)
      if (rows.length === 0) this.skip()
      const line = (code: string, ...coordinates: [number, number][]) => ({ type: 'Feature', properties: { code, name: code }, geometry: { type: 'LineString', coordinates } }) // prettier-ignore
      // A way round: the two ends are near each other, and far by the street.
      await make.layer('street', 'street', [line('u', [23.001, 37.01], [23.001, 37.019], [23.003, 37.019], [23.003, 37.01])], { geometry_type: 'LineString' }) // prettier-ignore
      await world.db.raw('CREATE EXTENSION IF NOT EXISTS pgrouting')
      await renewWalkNetwork(world.db)
    })
    afterEach(async () => {
      await world.db.raw('DROP EXTENSION IF EXISTS pgrouting')
      await world.db('walk_edge').delete()
      await world.db('walk_network').delete()
    })

    it('follow them, and guess where no way is known', async () => {
      const ends = [[23.001, 37.01], [23.003, 37.01], [23.019, 37.001]] as const // prettier-ignore
      const { by, drive_m } = await drivingDistances(world.db, ends)
      expect(by).to.equal('streets')
      // 0.009 degrees up and down again, 0.002 across.
      expect(drive_m[1]).to.be.closeTo(2 * 999 + 178, 3)
      expect(drive_m[3]).to.equal(drive_m[1])
      expect(drive_m[2]).to.be.closeTo(1883 * 1.35, 15)
      await order(23.001)
      expect((await propose()).body['distances']).to.equal('streets')
    })
  })
})
