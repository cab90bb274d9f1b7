// "It is not fixed", and second thoughts about one's own words: with the private link.
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const tokenOf = (url: string) => url.split('/follow/')[1] ?? ''
const send = async () => (await post('/api/reports', pothole(23.005, 37.01))).body as { id: string; protocol: string; follow_url: string } // prettier-ignore
const follow = async (url: string) => (await get(`/api/follow/${tokenOf(url)}`)).body
const row = (id: string) => world.db('report').where({ id }).first()
const reopen = (url: string, body: unknown = { words: 'Still a hole' }) =>
  post(`/api/follow/${tokenOf(url)}/reopen`, body)
const correct = (url: string, description: string) =>
  request('PATCH', `/api/follow/${tokenOf(url)}`, { body: { description } })
const age = (id: string, column: 'closed_at' | 'created_at', interval: string) =>
  world
    .db('report')
    .where({ id })
    .update({ [column]: world.db.raw('now() - ?::interval', [interval]) })

describe('a report that is not fixed', () => {
  let head: string
  beforeEach(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
  })
  const move = (id: string, status: string, note = 'Done') => post(`/api/staff/reports/${id}/status`, { status, note }, { cookie: head }) // prettier-ignore

  it('is opened again by its reporter: same number, new date, known to all, in the reporter’s words to staff only', async () => {
    const report = await send()
    await world.db('report').where({ id: report.id }).update({ due_at: '2020-01-01' })
    await move(report.id, 'resolved', 'Filled')
    expect((await follow(report.follow_url))['reopen_until']).to.be.a('string')
    const [{ id: photo }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id') // prettier-ignore
    const { status, body } = await reopen(report.follow_url, { words: 'It sank again', photos: [photo] })
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(body['properties']).to.deep.include({ protocol: report.protocol, status: 'in_progress' })
    expect(body['timeline'].at(-1)).to.deep.include({ note: 'It sank again', said_by: 'reporter', is_public: false })
    expect(body['photos']).to.have.length(1)
    const opened = await row(report.id)
    expect(opened).to.deep.include({ reopened_count: 1, closed_at: null })
    const { rows } = await world.db.raw('SELECT add_working_days(now(), 5) AS due_at')
    expect(opened.due_at).to.deep.equal(rows[0].due_at)
    const page = (await get(`/api/reports/${report.id}`)).body
    expect(page['timeline'].at(-1)).to.deep.include({ kind: 'reopened', status: 'in_progress', note: null })
    expect(JSON.stringify(page)).to.not.include('It sank again')
    expect(page['photos']).to.deep.equal([])
    const staff = (await get(`/api/staff/reports/${report.id}`, { cookie: head })).body
    expect(staff['timeline'].at(-1)).to.deep.include({ note: 'It sank again', said_by: 'reporter' })
    expect(staff['properties'].reopened_count).to.equal(1)
    expect(await world.db('event').where({ type: 'report.reopened', subject_id: report.id })).to.have.length(1)
    expect((await reopen(report.follow_url)).body['type']).to.match(/not-closed/)
  })

  it('is open to Open311, and its updates say so', async () => {
    const report = await send()
    await move(report.id, 'resolved')
    await reopen(report.follow_url)
    const id = report.protocol.replace('/', '-')
    const requests = (await get(`/open311/v2/requests.json?service_request_id=${id}`)).body as unknown as { status: string }[] // prettier-ignore
    expect(requests.map(({ status }) => status)).to.deep.equal(['open'])
    const updates = (await get(`/open311/v2/servicerequestupdates.json?service_request_id=${id}`)).body as unknown as { status: string; description: string }[] // prettier-ignore
    expect(updates.map(({ status }) => status)).to.deep.equal(['CLOSED', 'OPEN'])
    expect(JSON.stringify(updates)).to.not.include('Still a hole')
  })

  it('is opened again by who said "me too", whose words the reporter does not read', async () => {
    const report = await send()
    const { body } = await post(`/api/reports/${report.id}/support`, { device: randomUUID() })
    await move(report.id, 'resolved')
    expect((await reopen(body['follow_url'])).status).to.equal(200)
    expect(JSON.stringify(await follow(body['follow_url']))).to.include('Still a hole')
    expect(JSON.stringify(await follow(report.follow_url))).to.not.include('Still a hole')
  })

  it('opens with those that are treated together with it', async () => {
    const [main, twin] = [await send(), await send()]
    await post(`/api/staff/reports/${twin.id}/merge`, { into: main.id }, { cookie: head })
    await move(main.id, 'resolved')
    expect((await reopen(twin.follow_url)).status).to.equal(200)
    for (const { id } of [main, twin])
      expect(await row(id)).to.deep.include({ status: 'in_progress', closed_at: null, reopened_count: 1 })
    expect(JSON.stringify(await follow(main.follow_url))).to.not.include('Still a hole')
  })

  it('is opened for as many days as its category says', async () => {
    const report = await send()
    await move(report.id, 'resolved')
    await age(report.id, 'closed_at', '13 days')
    expect((await follow(report.follow_url))['reopen_until']).to.be.a('string')
    await age(report.id, 'closed_at', '15 days')
    expect((await follow(report.follow_url))['reopen_until']).to.equal(null)
    const late = await reopen(report.follow_url)
    expect([late.status, late.body['type']]).to.deep.equal([409, 'urn:asty:problem:reopen-too-late'])
    await world.db('category').update({ reopen_days: 30 })
    expect((await reopen(report.follow_url)).status).to.equal(200)
    await world.db('category').update({ reopen_days: 0 })
    await move(report.id, 'resolved')
    expect((await reopen(report.follow_url)).status, '0: never').to.equal(409)
  })

  it('wants words, and a link', async () => {
    const report = await send()
    await move(report.id, 'resolved')
    const { status, body } = await reopen(report.follow_url, { words: '  ' })
    expect([status, body['errors'][0].path]).to.deep.equal([422, 'words'])
    expect((await reopen('/follow/nothing')).status).to.equal(404)
    expect((await row(report.id)).status).to.equal('resolved')
  })
})

describe('one’s own words', () => {
  beforeEach(smallTown)
  const staffReads = async (id: string) => {
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const { body } = await get(`/api/staff/reports/${id}`, { cookie: await signIn('head@town.example') })
    return body['timeline'].map((t: { kind: string; note: string | null }) => [t.kind, t.note])
  }

  it('are corrected for a quarter of an hour; what stood before is kept for staff', async () => {
    const report = await send()
    const { status, body } = await correct(report.follow_url, 'Two holes')
    expect(status).to.equal(200)
    expect(body['properties'].description).to.equal('Two holes')
    const page = JSON.stringify((await get(`/api/reports/${report.id}`)).body)
    expect(page).to.include('Two holes').and.not.include('A deep hole')
    expect(await staffReads(report.id)).to.deep.equal([['submitted', null], ['corrected', 'A deep hole in the road']]) // prettier-ignore
    expect(await world.db('event').where({ type: 'report.changed', subject_id: report.id })).to.have.length(1)
  })

  it('are taken back and gone, with everything that stood there before; that they were is kept', async () => {
    const report = await send()
    await correct(report.follow_url, 'My neighbour Nikos')
    await correct(report.follow_url, 'My neighbour')
    const { body } = await correct(report.follow_url, '')
    expect(body['properties'].description).to.equal('')
    expect(await staffReads(report.id)).to.deep.equal([['submitted', null], ['corrected', null], ['corrected', null], ['corrected', null]]) // prettier-ignore
    expect(JSON.stringify(await world.db('timeline_entry'))).to.not.include('Nikos')
  })

  it('are a note after that, for staff and oneself', async () => {
    const report = await send()
    expect((await follow(report.follow_url))['correct_until']).to.be.a('string')
    await age(report.id, 'created_at', '16 minutes')
    expect((await follow(report.follow_url))['correct_until']).to.equal(null)
    const { body } = await correct(report.follow_url, 'It grows')
    expect(body['properties'].description).to.equal('A deep hole in the road')
    expect(body['timeline'].at(-1)).to.deep.include({ kind: 'note', note: 'It grows', said_by: 'reporter' })
    expect(JSON.stringify((await get(`/api/reports/${report.id}`)).body)).to.not.include('It grows')
    const empty = await correct(report.follow_url, '')
    expect([empty.status, empty.body['type']]).to.deep.equal([409, 'urn:asty:problem:withdraw-too-late'])
  })

  it('are the reporter’s: who said "me too" adds a note', async () => {
    const report = await send()
    const { body } = await post(`/api/reports/${report.id}/support`, { device: randomUUID() })
    expect((await follow(body['follow_url']))['correct_until']).to.equal(null)
    expect((await correct(body['follow_url'], 'Mine')).status).to.equal(200)
    expect((await row(report.id)).description).to.equal('A deep hole in the road')
    expect(JSON.stringify(await follow(report.follow_url))).to.not.include('Mine')
  })
})
