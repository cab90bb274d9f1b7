// Two colleagues and one report: each sees that the other is there, and nobody overwrites what they have not seen.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

describe('somebody else is editing', () => {
  let head: string, west: string, parks: string, node: Node

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    west = await signIn('west@town.example')
    parks = await signIn('parks@town.example')
    node = await startNode({})
  })
  after(() => node.close())

  const send = async () => (await post('/api/reports', pothole(23.005, 37.01))).body['id'] as string
  const seenAt = async (id: string) =>
    (await get(`/api/staff/reports/${id}`, { cookie: head })).body['properties'].updated_at as string
  const here = (id: string, cookie: string) => request('PUT', `/api/staff/reports/${id}/presence`, { cookie })

  it('takes a change made on what is there, and meets one made on what was', async () => {
    const id = await send()
    const seen_at = await seenAt(id)
    const change = (status: string, cookie: string) =>
      post(`/api/staff/reports/${id}/status`, { status, note: 'mine', seen_at }, { cookie })
    expect((await change('in_progress', head)).status).to.equal(200)
    const late = await change('resolved', west)
    expect([late.status, late.body['type']]).to.deep.equal([409, 'urn:asty:problem:stale-version'])
    expect(late.body['current'].properties.status).to.equal('in_progress')
    expect(late.body['yours']).to.include({ status: 'resolved', note: 'mine' })
    const given = await post(`/api/staff/reports/${id}/assign`, { department: 'parks', seen_at }, { cookie: head })
    expect(given.status).to.equal(409)
    const again = await post(`/api/staff/reports/${id}/assign`, { department: 'parks', seen_at: await seenAt(id) }, { cookie: head }) // prettier-ignore
    expect(again.status).to.equal(200)
  })

  it('lets one of two who change it in the same moment through', async () => {
    const id = await send()
    const seen_at = await seenAt(id)
    const both = await Promise.all(
      ['acknowledged', 'in_progress'].map((status) =>
        post(`/api/staff/reports/${id}/status`, { status, seen_at }, { cookie: head }),
      ),
    )
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409])
  })

  it('says who has it open, until they close it or their page is gone', async () => {
    const id = await send()
    expect((await here(id, head)).body['others']).to.deep.equal([])
    expect((await here(id, west)).body['others']).to.deep.equal(['head@town.example'])
    expect((await here(id, parks)).status).to.equal(404)
    await request('DELETE', `/api/staff/reports/${id}/presence`, { cookie: west })
    expect((await here(id, head)).body['others']).to.deep.equal([])
    await here(id, west)
    await world.db.raw(`UPDATE report_presence SET seen_at = now() - interval '1 minute'`)
    expect((await here(id, head)).body['others']).to.deep.equal([])
  })

  it('tells colleagues on another node at once, and writes no event of it', async () => {
    const id = await send()
    const stop = new AbortController()
    const stream = await fetch(`${node.url}/api/events`, { headers: { Cookie: head }, signal: stop.signal })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of stream.body!) heard += Buffer.from(chunk).toString()
    })().catch(() => undefined)
    await here(id, west)
    await until(() => heard.includes('report.presence') && heard.includes(id))
    stop.abort()
    await reading
    expect(await world.db('event').where({ subject_id: id, type: 'report.presence' })).to.have.length(0)
  })
})
