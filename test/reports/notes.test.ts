// What colleagues tell each other: notes that name somebody, standard answers, and what was at the place before.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { type Node, startNode } from '../support/node.ts'

describe('the side panel of a report', () => {
  let head: string, west: string, parks: string
  let headId: string, westId: string, eastId: string, parksId: string

  let mail: MailServer, node: Node

  before(async () => {
    await smallTown()
    mail = await startMailServer()
    node = await startNode({ smtpUrl: mail.url }, { works: true })
    await make.department('parks')
    await make.category('kerb', { parent: 'roads' })
    await make.category('trees', { department: 'parks' })
    await make.category('tree', { parent: 'trees' })
    headId = await make.account('head@town.example', 'department_head', { department: 'works' })
    westId = await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    eastId = await make.account('east@town.example', 'crew_member', { department: 'works', crew: 'crew-east' })
    parksId = await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    west = await signIn('west@town.example')
    parks = await signIn('parks@town.example')
  })

  after(async () => {
    await node.close()
    mail.close()
  })

  const send = async (lon = 23.005, category = 'pothole') =>
    (await post('/api/reports', { ...pothole(lon, 37.01), category })).body['id'] as string
  const note = (id: string, body: object, cookie = head) => post(`/api/staff/reports/${id}/notes`, body, { cookie })
  const forMe = async (cookie: string) => (await get('/api/staff/mentions', { cookie })).body as unknown as object[]

  it('tells a colleague who is named, by mail and in the portal, until they open the report', async () => {
    const id = await send()
    const { status, body } = await note(id, { note: '@west have a look', mentions: [westId] })
    expect(status).to.equal(200)
    expect(body['timeline'].at(-1)).to.include({ kind: 'note', note: '@west have a look', is_public: false })
    expect(JSON.stringify((await get(`/api/reports/${id}`)).body)).to.not.include('have a look')
    expect(await forMe(west)).to.have.length(1)
    expect((await forMe(west))[0]).to.include({ report_id: id, note: '@west have a look', actor: 'head@town.example' })
    expect(await forMe(head)).to.have.length(0)
    const letter = await mail.next('west@town.example')
    expect(letter).to.include(`/desk/${id}`).and.not.include('have a look')
    await get(`/api/staff/reports/${id}`, { cookie: west })
    expect(await forMe(west)).to.have.length(0)
  })

  it('names only those who may see the report', async () => {
    const id = await send()
    const names = (await get(`/api/staff/reports/${id}/colleagues`, { cookie: head })).body as unknown as { id: string }[] // prettier-ignore
    expect(names.map((each) => each.id)).to.deep.equal([westId])
    for (const other of [eastId, parksId]) {
      const { status, body } = await note(id, { note: 'x', mentions: [other] })
      expect([status, body['errors'][0].path]).to.deep.equal([422, 'mentions'])
    }
    expect((await note(id, { note: 'x' }, parks)).status).to.equal(404)
    expect((await get(`/api/staff/reports/${id}/colleagues`, { cookie: parks })).status).to.equal(404)
    expect((await note(id, { note: '  ' })).status).to.equal(422)
    expect((await note(id, { note: 'to myself', mentions: [headId] })).status).to.equal(200)
  })

  it('shows what was at the same place before: kin too, closed too, and nothing from far or of another kind', async () => {
    const [old, kin, far, other] = [await send(23.0155), await send(23.0156, 'kerb'), await send(23.0185), await send(23.0155, 'tree')] // prettier-ignore
    await post(`/api/staff/reports/${old}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    const here = await send(23.0155)
    const { body } = await get(`/api/staff/reports/${here}/same-place`, { cookie: head })
    const ids = (body as unknown as { id: string }[]).map(({ id }) => id)
    expect(ids).to.deep.equal([kin, old])
    expect(ids).to.not.include.members([far, other])
    expect((body as unknown as object[])[1]).to.include({ status: 'resolved', distance_m: 0 })
    expect((await get(`/api/staff/reports/${here}/same-place`, { cookie: parks })).status).to.equal(404)
  })

  it('keeps answers in both languages, which their department’s head writes and all may use', async () => {
    const add = (more: object, cookie = head) =>
      post('/api/staff/standard-answers', { title: both('Filled'), text: both('We have filled it'), ...more }, { cookie }) // prettier-ignore
    const { status, body } = await add({ department: 'works', category: 'pothole' })
    expect(status).to.equal(201)
    expect(body).to.include({ department: 'works', category: 'pothole', is_own: true })
    expect((await add({ department: 'parks' })).status, 'another department').to.equal(403)
    expect((await add({})).status, 'the whole municipality').to.equal(403)
    expect((await add({ department: 'works' }, west)).status).to.equal(403)
    expect((await add({ department: 'works', text: { el: 'μόνο' } })).status).to.equal(422)
    const all = (await get('/api/staff/standard-answers', { cookie: west })).body as unknown as { is_own: boolean }[]
    expect(all.map(({ is_own }) => is_own)).to.deep.equal([false])
    const path = `/api/staff/standard-answers/${body['id']}`
    const put = (cookie: string, department: string) =>
      request('PUT', path, { cookie, body: { title: both('A'), text: both('B'), department } })
    expect((await put(parks, 'parks')).status).to.equal(404)
    expect((await put(head, 'parks')).status, 'given away').to.equal(403)
    expect((await put(head, 'works')).body['text']).to.deep.equal(both('B'))
    expect((await request('DELETE', path, { cookie: parks })).status).to.equal(404)
    expect((await request('DELETE', path, { cookie: head })).status).to.equal(204)
  })
})
