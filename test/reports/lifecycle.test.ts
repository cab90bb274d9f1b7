// States that citizens believe: planned, waiting for the citizen, forwarded; what was promised, and what is usual.
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { countUsualTimes } from '../../backend/reports/usual.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

interface Sent {
  id: string
  follow_url: string
}
const tokenOf = (url: string) => url.split('/follow/')[1] ?? ''
const send = async () => (await post('/api/reports', pothole(23.005, 37.01))).body as unknown as Sent
const follow = async (url: string) => (await get(`/api/follow/${tokenOf(url)}`)).body
const row = (id: string) => world.db('report').where({ id }).first()
const moment = async (expression: string): Promise<Date> =>
  (await world.db.raw(`SELECT ${expression} AS at`)).rows[0].at

describe('the states of a report', () => {
  let head: string
  beforeEach(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
  })
  const move = (id: string, status: string, more: object = {}) =>
    post(`/api/staff/reports/${id}/status`, { status, ...more }, { cookie: head })
  const ask = (id: string) => move(id, 'waiting_for_citizen', { note: 'Which lamp is it?' })

  it('are told to the reporter as they come', async () => {
    const { id, follow_url } = await send()
    expect((await move(id, 'planned', { note: 'On Tuesday' })).body['properties']).to.include({ status: 'planned' })
    expect((await follow(follow_url))['timeline'].at(-1)).to.deep.include({ status: 'planned', note: 'On Tuesday' })
    const { body } = await move(id, 'forwarded', { note: 'To the water company' })
    expect(body['properties']).to.include({ status: 'forwarded' })
    expect(body['next_statuses']).to.include.members(['in_progress', 'resolved']).and.to.not.include('submitted')
    const open = (await get('/api/reports?status=open')).body['features'] as Sent[]
    expect(open.map((each) => each.id)).to.deep.equal([id])
  })

  it('say nothing without words for all: whom it waits for, and where it went', async () => {
    const { id } = await send()
    for (const status of ['waiting_for_citizen', 'forwarded', 'rejected']) {
      const { status: code, body } = await move(id, status)
      expect(code).to.equal(422)
      expect(body['type']).to.match(/note-needed/)
      expect(body['errors'][0].path).to.equal('note')
    }
    expect((await move(id, 'forwarded', { note: 'To the region', is_public: false })).status).to.equal(422)
    expect((await row(id)).status).to.equal('submitted')
  })

  it('show a photo of what was done, to everybody', async () => {
    const { id } = await send()
    const [{ id: photo }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id') // prettier-ignore
    expect((await move(id, 'resolved', { note: 'Filled', photos: [photo] })).status).to.equal(200)
    expect((await get(`/api/reports/${id}`)).body['photos']).to.have.length(1)
    const other = await send()
    const refused = await move(other.id, 'resolved', { note: 'Filled', photos: [randomUUID()] })
    expect(refused.body['type']).to.match(/unknown-photo/)
    expect((await row(other.id)).status).to.equal('submitted')
  })

  describe('while it waits for the citizen', () => {
    it('is not overdue, and gets the working days back that it waited', async () => {
      const { id } = await send()
      await ask(id)
      await world.db('report').where({ id }).update({ due_at: '2026-03-10 21:59:59Z', paused_at: '2026-03-06 10:00Z' })
      const seen = async () => (await get(`/api/staff/reports/${id}`, { cookie: head })).body['properties']
      expect((await seen()).is_overdue).to.equal(false)
      expect((await get('/api/staff/reports?overdue=true', { cookie: head })).body['features']).to.deep.equal([])
      await move(id, 'in_progress')
      const after = await row(id)
      const days = `working_days_between('2026-03-06 10:00Z', now())`
      expect(after.due_at).to.deep.equal(await moment(`add_working_days('2026-03-10 21:59:59Z', ${days})`))
      expect(after.paused_at).to.equal(null)
    })

    it('keeps its date when the answer comes the same day', async () => {
      const { id, follow_url } = await send()
      const before = (await row(id)).due_at
      await ask(id)
      await post(`/api/follow/${tokenOf(follow_url)}/answer`, { words: 'The third' })
      expect((await row(id)).due_at).to.deep.equal(before)
    })

    it('goes on with the answer, which staff read and nobody else', async () => {
      const { id, follow_url } = await send()
      expect((await follow(follow_url))['is_asked']).to.equal(false)
      await ask(id)
      const asked = await follow(follow_url)
      expect(asked['is_asked']).to.equal(true)
      expect(asked['timeline'].at(-1).note).to.equal('Which lamp is it?')
      const [{ id: photo }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id') // prettier-ignore
      const answer = { words: 'The third from the church', photos: [photo] }
      const { status, body } = await post(`/api/follow/${tokenOf(follow_url)}/answer`, answer)
      expect(status, JSON.stringify(body)).to.equal(200)
      expect(body['properties'].status).to.equal('acknowledged')
      expect(body['photos']).to.have.length(1)
      const page = (await get(`/api/reports/${id}`)).body
      expect(JSON.stringify(page)).to.not.include('from the church')
      const staff = (await get(`/api/staff/reports/${id}`, { cookie: head })).body
      expect(JSON.stringify(staff['timeline'])).to.include('The third from the church')
      const again = await post(`/api/follow/${tokenOf(follow_url)}/answer`, answer)
      expect(again.body['type']).to.match(/not-asked/)
    })
  })

  describe('the promise of a first answer', () => {
    it('counts hours of working days only', async () => {
      // Friday 13:00 in Athens and two days: Tuesday 13:00; over Easter of 2026 (12 April) until Thursday.
      expect(await moment(`add_working_hours('2026-03-06 13:00 Europe/Athens', 48)`)).to.deep.equal(
        await moment(`'2026-03-10 13:00 Europe/Athens'::timestamptz`),
      )
      expect(await moment(`add_working_hours('2026-04-09 13:00 Europe/Athens', 48)`)).to.deep.equal(
        await moment(`'2026-04-15 13:00 Europe/Athens'::timestamptz`),
      )
      // From a Sunday: the clock starts on Monday.
      expect(await moment(`add_working_hours('2026-03-08 20:00 Europe/Athens', 1)`)).to.deep.equal(
        await moment(`'2026-03-09 01:00 Europe/Athens'::timestamptz`),
      )
      // Over the night when clocks go forward, which is a Sunday: 24 hours from Friday noon are Monday noon.
      expect(await moment(`add_working_hours('2026-03-27 12:00 Europe/Athens', 24)`)).to.deep.equal(
        await moment(`'2026-03-30 12:00 Europe/Athens'::timestamptz`),
      )
    })

    it('is beside a promise of days, or of hours where the category says so', async () => {
      await make.account('admin@town.example', 'administrator')
      const cookie = await signIn('admin@town.example')
      const change = await request('PATCH', '/api/staff/categories/pothole', { body: { resolution_hours: 6 }, cookie })
      expect(change.status, JSON.stringify(change.body)).to.equal(200)
      const { created_at, due_at } = await row((await send()).id)
      const { rows } = await world.db.raw('SELECT add_working_hours(?::timestamptz, 6) AS at', [created_at])
      expect(due_at).to.deep.equal(rows[0].at)
    })

    it('is the category’s, is late when nobody answers, and is kept by an answer', async () => {
      await world.db('category').where({ slug: 'pothole' }).update({ answer_hours: 5 })
      const late = await send()
      const fine = await send()
      const { created_at, answer_due_at } = await row(late.id)
      const { rows } = await world.db.raw('SELECT add_working_hours(?::timestamptz, 5) AS at', [created_at])
      expect(answer_due_at).to.deep.equal(rows[0].at)
      await world.db('report').where({ id: late.id }).update({ answer_due_at: '2020-01-01' })
      const ids = async (query: string) =>
        ((await get(`/api/staff/reports?${query}`, { cookie: head })).body['features'] as Sent[]).map(({ id }) => id)
      expect(await ids('unanswered=late')).to.deep.equal([late.id])
      expect(await ids('unanswered=true')).to.have.members([late.id, fine.id])
      const seen = (await get(`/api/staff/reports/${late.id}`, { cookie: head })).body['properties']
      expect(seen).to.include({ is_answer_late: true })
      await move(late.id, 'acknowledged')
      expect(await ids('unanswered=late')).to.deep.equal([])
    })
  })

  describe('what is usual', () => {
    const resolve = async (count: number, district: string | null) => {
      for (let n = 1; n <= count; n++) {
        const { id } = await send()
        await world.db('report').where({ id }).update({ district, status: 'resolved', closed_at: world.db.raw('created_at + ?::interval', [`${n} days`]) }) // prettier-ignore
      }
    }

    it('is told where there are enough, of the district before the whole town', async () => {
      await resolve(9, 'a')
      await countUsualTimes(world.db)
      const { id } = await send()
      expect((await get(`/api/reports/${id}`)).body['usual']).to.equal(null)
      await resolve(1, 'elsewhere')
      await countUsualTimes(world.db)
      expect((await get(`/api/reports/${id}`)).body['usual']).to.deep.include({ resolved: 10, is_of_district: false, median_days: 4.5 }) // prettier-ignore
      const mine = (await row(id)).district
      await world.db('report').where({ status: 'resolved' }).update({ district: mine })
      await countUsualTimes(world.db)
      const { location, category } = pothole(23.005, 37.01)
      const preview = await post('/api/route/preview', { category, location })
      expect(preview.body['usual']).to.deep.include({ resolved: 10, is_of_district: true })
      await world.db('report').where({ status: 'resolved' }).update({ created_at: '2020-01-01' })
      await countUsualTimes(world.db)
      expect(await world.db('resolution_time')).to.deep.equal([])
    })
  })
})
