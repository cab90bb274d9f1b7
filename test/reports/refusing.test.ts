// "Not ours": who gets it then; and whose it would be a few metres further.
import { expect } from 'chai'
import { get, post, pothole, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('a report that a department refuses', () => {
  let head: string
  let admin: string
  beforeEach(async () => {
    await smallTown()
    await make.department('water')
    await make.crew('pumps', 'water')
    await make.rule('pothole-any', { category: 'roads', department: 'water', crew: 'pumps' })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('water@town.example', 'department_head', { department: 'water' })
    await make.account('admin@town.example', 'administrator')
    head = await signIn('head@town.example')
    admin = await signIn('admin@town.example')
  })
  const send = async (lon = 23.005) => (await post('/api/reports', pothole(lon, 37.01))).body as unknown as { id: string; follow_url: string } // prettier-ignore
  const refuse = (id: string, cookie = head, reason = 'It is a water main') =>
    post(`/api/staff/reports/${id}/refuse`, { reason }, { cookie })

  it('goes to the next by the rules, then to the central desk, and then to nobody by itself', async () => {
    const { id, follow_url } = await send()
    const { status, body } = await refuse(id)
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(body['properties'].department.slug).to.equal('water')
    expect(body['properties'].crew.slug).to.equal('pumps')
    const water = await signIn('water@town.example')
    expect((await refuse(id, water, 'Dry here')).body['properties']).to.deep.include({ crew: null })
    expect((await world.db('report as r').join('department as d', 'd.id', 'r.department_id').first('d.slug')).slug).to.equal('desk') // prettier-ignore
    expect((await refuse(id, admin, 'Who else?')).body['type']).to.match(/nobody-else/)
    expect((await world.db('report_refusal')).length, 'the refusal that led nowhere is undone').to.equal(2)
    const followed = (await get(`/api/follow/${follow_url.split('/follow/')[1]}`)).body
    expect(followed['timeline'].map((each: { kind: string }) => each.kind)).to.deep.equal(['submitted', 'assigned', 'assigned']) // prettier-ignore
    const story = (await get(`/api/staff/reports/${id}`, { cookie: admin })).body['timeline']
    expect(story.filter((each: { kind: string }) => each.kind === 'refused').map((each: { note: string }) => each.note)).to.deep.equal(['It is a water main', 'Dry here']) // prettier-ignore
  })

  it('is refused only by who has it, with a reason, while it is open', async () => {
    const { id } = await send()
    const water = await signIn('water@town.example')
    expect((await refuse(id, water)).status).to.equal(404)
    expect((await refuse(id, head, '  ')).status).to.equal(422)
    await post(`/api/staff/reports/${id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    expect((await refuse(id)).body['type']).to.match(/report-closed/)
  })

  it('is handed on in three days, the last a working day, from when it came to a department', async () => {
    const { id } = await send()
    const seen = async () => (await get(`/api/staff/reports/${id}`, { cookie: admin })).body
    // A Wednesday: Saturday is no working day, so Monday.
    await world.db('report').update({ created_at: '2026-03-04 12:00 Europe/Athens' })
    expect((await seen())['forward_by']).to.match(/^2026-03-09T21:59:59/)
    await refuse(id)
    const { rows } = await world.db.raw(`SELECT to_json(add_working_days(now() + interval '2 days', 1)) AS by`)
    expect((await seen())['forward_by']).to.equal(rows[0].by)
    await post(`/api/staff/reports/${id}/status`, { status: 'acknowledged' }, { cookie: admin })
    expect((await seen())['forward_by']).to.equal(null)
  })

  it('shows whose it would be on the other side of a border that is near', async () => {
    // 0.0002 degrees of longitude are 18 metres here.
    const near = await send(23.0098)
    const far = await send(23.005)
    const borders = async (id: string) => (await get(`/api/staff/reports/${id}`, { cookie: admin })).body['near_border']
    const [border, ...others] = await borders(near.id)
    expect(others).to.deep.equal([])
    expect(border).to.deep.include({ area: { slug: 'east', title: { el: 'east', en: 'east' } } })
    expect(border.crew.slug).to.equal('crew-east')
    expect(border.distance_m).to.be.closeTo(17.8, 0.2)
    expect(await borders(far.id)).to.deep.equal([])
    // A point on the edge belongs to one of them; the other is zero metres away.
    const edge = await send(23.01)
    expect((await borders(edge.id)).map((each: { distance_m: number }) => each.distance_m)).to.deep.equal([0])
    // Whoever else decides there, the same people are no other side.
    await make.layer('park', 'crew_area', [polygon('park', box(23.00981, 37, 23.0099, 37.02))])
    await make.rule('park', { category: 'pothole', area: ['park', 'park'], department: 'works', crew: 'crew-west' })
    expect(await borders(near.id)).to.have.length(1)
  })
})
