// One report, several work orders: it is closed when the last of them is done, by who answers for it.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('a report with several work orders', () => {
  let head: string
  let parks: string
  let desk: string
  beforeEach(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    await make.account('desk@town.example', 'department_head', { department: 'desk' })
    head = await signIn('head@town.example')
    parks = await signIn('parks@town.example')
    desk = await signIn('desk@town.example')
  })
  const send = async () =>
    (await post('/api/reports', pothole(23.005, 37.01))).body as { id: string; protocol: string; follow_url: string }
  const order = async (reports: string[], department: string) =>
    (await post('/api/staff/work', { task: 'Fill the hole', reports, department }, { cookie: head })).body as {
      id: string
      properties: { protocol: string }
    }
  const done = (id: string, cookie: string, note = 'Filled') =>
    post(`/api/staff/work/${id}/acts`, { act: 'done', at: new Date().toISOString(), note }, { cookie })
  const close = (id: string, report: string, more = {}, cookie = head) =>
    post(`/api/staff/work/${id}/closing`, { reports: [{ id: report, note: 'Filled' }], ...more }, { cookie })
  const toClose = async (cookie = head) => (await get('/api/staff/reports-to-close', { cookie })).body as unknown as { id: string; words: string; orders: object[] }[] // prettier-ignore
  const statusOf = async (id: string) => (await world.db('report').where({ id }).first('status')).status as string

  it('says which others are still open, and closes only when asked once more', async () => {
    const { id } = await send()
    const [own, theirs] = [await order([id], 'works'), await order([id], 'parks')]
    const cancelled = await order([id], 'desk')
    await post(`/api/staff/work/${cancelled.id}/cancel`, { version: 1, reason: 'Not needed' }, { cookie: desk })
    await done(own.id, head)
    const open = {
      id: theirs.id,
      protocol: theirs.properties.protocol,
      department: { slug: 'parks', title: { el: 'parks', en: 'parks' } },
      status: 'draft',
    }
    const [report] = (await get(`/api/staff/work/${own.id}`, { cookie: head })).body['reports']
    expect(report.open_work).to.deep.equal([open])
    const refused = await close(own.id, id)
    expect(refused.status).to.equal(409)
    expect(refused.body['type']).to.include('work-open')
    expect(refused.body['detail']).to.include(`${open.protocol} (parks, To be planned)`)
    expect(refused.body['orders']).to.deep.equal([{ report: id, ...open }])
    expect(await statusOf(id)).to.equal('in_progress')
    expect((await close(own.id, id, { anyway: true })).status).to.equal(200)
    expect(await statusOf(id)).to.equal('resolved')
  })

  it('tells nothing of them to who may not close it', async () => {
    const { id } = await send()
    await order([id], 'works')
    const theirs = await order([id], 'parks')
    await done(theirs.id, parks)
    const [report] = (await get(`/api/staff/work/${theirs.id}`, { cookie: parks })).body['reports']
    expect(report.open_work).to.deep.equal([])
    expect((await close(theirs.id, id, {}, parks)).status).to.equal(404)
    expect(await toClose(parks)).to.deep.equal([])
  })

  it('comes to who answers for it when the last is done, also when that was another department’s', async () => {
    const { id, protocol } = await send()
    const orders = [await order([id], 'works'), await order([id], 'desk'), await order([id], 'parks')] as const
    await done(orders[0].id, head, 'Filled')
    await post(`/api/staff/work/${orders[1].id}/cancel`, { version: 1, reason: 'Not needed' }, { cookie: desk })
    expect(await toClose(), 'one is open').to.deep.equal([])
    await done(orders[2].id, parks, 'Cut the roots')
    const [found, ...more] = await toClose()
    expect(more).to.deep.equal([])
    expect(found).to.deep.include({ id, protocol, words: 'Cut the roots', people_count: 1 })
    expect(found!.orders.map((o) => Object.values(o))).to.have.length(3)
    expect(found!.orders[2]).to.deep.include({ id: orders[2].id, status: 'done', is_own: false })
    expect(found!.orders[0]).to.deep.include({ id: orders[0].id, status: 'done', is_own: true })
    const { body } = await get(`/api/staff/reports/${id}/work`, { cookie: head })
    expect(body['to_close']).to.deep.equal(found)
    expect(await toClose(parks)).to.deep.equal([])
    expect((await get('/api/staff/reports-to-close')).status).to.equal(401)
    expect((await close(orders[0].id, id)).status).to.equal(200)
    expect(await toClose()).to.deep.equal([])
  })

  it('is not proposed again when somebody says that it is not fixed, until more work is done', async () => {
    const { id, follow_url } = await send()
    const first = await order([id], 'works')
    await done(first.id, head)
    await close(first.id, id)
    const token = follow_url.split('/follow/')[1]
    expect((await post(`/api/follow/${token}/reopen`, { words: 'It is open again' })).status).to.equal(200)
    expect(await toClose()).to.deep.equal([])
    await done((await order([id], 'works')).id, head)
    expect((await toClose()).map((each) => each.id)).to.deep.equal([id])
  })

  it('is heard of by who answers for it, when another department has done its part', async () => {
    const { id } = await send()
    const theirs = await order([id], 'parks')
    let heard = ''
    const abort = new AbortController()
    const pump = (async () => {
      const response = await fetch(`${world.url}/api/events`, { headers: { Cookie: head }, signal: abort.signal })
      for await (const chunk of response.body!) heard += Buffer.from(chunk).toString()
    })()
    while (!heard) await new Promise((resolve) => setTimeout(resolve, 20))
    await done(theirs.id, parks)
    const start = Date.now()
    while (!heard.includes(theirs.id) && Date.now() - start < 5000)
      await new Promise((resolve) => setTimeout(resolve, 20))
    abort.abort()
    await Promise.allSettled([pump])
    expect(heard).to.include('work.changed').and.include(theirs.id)
    expect((await request('GET', `/api/staff/work/${theirs.id}`, { cookie: head })).status).to.equal(404)
  })
})
