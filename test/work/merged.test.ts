// A report that is in a work order is treated together with another: the work goes with it, and comes back.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const DAY = '2027-03-01'

describe('the work of reports that are treated together', () => {
  let head: string
  let west: string
  beforeEach(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    head = await signIn('head@town.example')
    west = await signIn('west@town.example')
  })
  const send = async (more = {}) =>
    (await post('/api/reports', pothole(23.005, 37.01, more))).body as { id: string; protocol: string }
  const order = async (reports: string[], more = {}) =>
    (await post('/api/staff/work', { task: 'Fill the hole', reports, crew: 'crew-west', day: DAY, ...more }, { cookie: head })).body['id'] as string // prettier-ignore
  const read = async (id: string) => (await get(`/api/staff/work/${id}`, { cookie: head })).body
  const reportsOf = async (id: string) =>
    ((await read(id))['reports'] as { id: string; is_merged: boolean; may_close: boolean }[]).map((r) => [r.id, r.is_merged, r.may_close]) // prettier-ignore
  const workOf = async (id: string) =>
    (await get(`/api/staff/reports/${id}/work`, { cookie: head })).body['linked'].map((o: { id: string }) => o.id)
  const merge = (id: string, into: string) => post(`/api/staff/reports/${id}/merge`, { into }, { cookie: head })
  const unmerge = (id: string) => post(`/api/staff/reports/${id}/unmerge`, undefined, { cookie: head })
  const act = (id: string, name: string) =>
    post(`/api/staff/work/${id}/acts`, { act: name, at: new Date().toISOString(), note: 'Filled' }, { cookie: west })
  const close = (id: string, report: string) =>
    post(`/api/staff/work/${id}/closing`, { reports: [{ id: report, note: 'Filled' }] }, { cookie: head })
  const statusOf = async (id: string) => (await world.db('report').where({ id }).first('status')).status as string

  it('counts as that of the main report, which closes with it, and all with that', async () => {
    const [main, twin, third] = [await send(), await send(), await send()]
    const id = await order([twin.id])
    await merge(twin.id, main.id)
    await merge(third.id, main.id)
    expect(await workOf(main.id)).to.deep.equal([id])
    expect(await workOf(third.id)).to.deep.equal([id])
    expect((await read(id))['properties']).to.include({ report_count: 3, people_count: 3 })
    await act(id, 'arrive')
    expect(await statusOf(main.id)).to.equal('in_progress')
    await act(id, 'done')
    expect(await reportsOf(id)).to.deep.equal([
      [main.id, false, true],
      [twin.id, true, false],
      [third.id, true, false],
    ])
    expect((await close(id, main.id)).status).to.equal(200)
    for (const each of [main, twin, third]) expect(await statusOf(each.id)).to.equal('resolved')
  })

  it('is put back exactly when they are separated', async () => {
    const [main, twin] = [await send(), await send()]
    const [own, other] = [await order([main.id]), await order([twin.id])]
    const links = () => world.db('work_order_report').orderBy(['work_order_id', 'report_id'])
    const before = [await read(own), await read(other), await links()]
    await merge(twin.id, main.id)
    expect(await workOf(main.id)).to.deep.equal([own, other])
    await unmerge(twin.id)
    expect([await read(own), await read(other), await links()]).to.deep.equal(before)
    expect(await workOf(main.id)).to.deep.equal([own])
  })

  it('shows the crew the words and photos of all, main report first', async () => {
    const [{ id: photo }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id') // prettier-ignore
    const main = await send()
    const twin = await send({ description: 'It broke my wheel', photos: [photo] })
    const id = await order([main.id])
    await merge(twin.id, main.id)
    const { body } = await get(`/api/staff/tour?day=${DAY}`, { cookie: west })
    const [stop] = body['stops'].filter((each: { id: string }) => each.id === id)
    expect(stop.reports.map((r: { description: string }) => r.description)).to.deep.equal(['A deep hole in the road', 'It broke my wheel']) // prettier-ignore
    expect(stop.reports[1].photo_urls).to.deep.equal([`/api/photos/${photo}`])
  })

  it('is taken from all of them at once', async () => {
    const [main, twin, other] = [await send(), await send(), await send()]
    const id = await order([twin.id, other.id])
    await merge(twin.id, main.id)
    expect((await request('DELETE', `/api/staff/work/${id}/reports/${main.id}`, { cookie: head })).status).to.equal(200)
    expect(await reportsOf(id)).to.deep.equal([[other.id, false, true]])
    expect(await workOf(main.id)).to.deep.equal([])
  })
})
