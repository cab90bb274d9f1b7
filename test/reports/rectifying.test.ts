// A wrong category, a pin across the street: staff put it right, and the rules decide anew.
import { expect } from 'chai'
import { get, point, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('a report that staff put right', () => {
  let head: string
  let id: string
  let follow: string
  beforeEach(async () => {
    await smallTown()
    await make.department('water')
    await make.category('pipes', { department: 'water' })
    await make.category('leak', { parent: 'pipes' })
    await make.category('secret', { parent: 'pipes', is_public: false })
    await world.db('category').where({ slug: 'leak' }).update({ working_days: 1 })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
    const { body } = await post('/api/reports', pothole(23.005, 37.01))
    id = body['id']
    follow = `/api/follow/${(body['follow_url'] as string).split('/follow/')[1]}`
  })
  const put = (change: object, cookie = head) => post(`/api/staff/reports/${id}/rectify`, change, { cookie })
  const stored = () => world.db('report').where({ id }).first()

  it('gets another category, its promise from the day it came, and goes to whom the rules say', async () => {
    const came = await stored()
    const { status, body } = await put({ category: 'leak', note: 'Water comes out of it' })
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(body['properties']).to.deep.include({ category: { slug: 'leak', title: { el: 'leak', en: 'leak' } } })
    expect(body['properties'].department.slug).to.equal('water')
    const { rows } = await world.db.raw('SELECT add_working_days(?, 1) AS due', [came.created_at])
    expect((await stored()).due_at).to.deep.equal(rows[0].due)
    const story = (await get(follow)).body['timeline'].at(-1)
    expect(story).to.deep.include({ kind: 'rectified', note: 'Water comes out of it' })
    expect(story.department.slug).to.equal('water')
    expect((await put({ category: 'leak' })).status, 'it is the other department’s now').to.equal(404)
  })

  it('is moved to where it is, with its district and crew, and leaves the thing it was about', async () => {
    await world.db('report').where({ id }).update({ asset_layer: 'lamps', asset_key: '7' })
    const before = await stored()
    const { body } = await put({ location: point(23.015, 37.01) })
    expect(body['geometry'].coordinates).to.deep.equal([23.015, 37.01])
    expect([body['properties'].district.slug, body['properties'].crew.slug]).to.deep.equal(['east', 'crew-east'])
    const after = await stored()
    expect([after.asset_layer, after.asset_key, after.district]).to.deep.equal([null, null, 'east'])
    expect(after.due_at, 'the promise stays').to.deep.equal(before.due_at)
    expect((await put({ location: point(24, 37.01) })).body['type']).to.match(/outside-municipality/)
  })

  it('is hidden, and shown again where its category lets it', async () => {
    expect((await put({ is_public: false })).status).to.equal(200)
    expect((await get(`/api/reports/${id}`)).status).to.equal(404)
    await put({ is_public: true })
    expect((await get(`/api/reports/${id}`)).status).to.equal(200)
    await world.db('routing_rule').where({ slug: 'pothole-west' }).update({ category_id: null })
    expect((await put({ category: 'secret', is_public: true })).status).to.equal(200)
    expect((await stored()).is_public).to.equal(false)
  })

  it('stays with whom it was given by hand, or who has it in work', async () => {
    await post(`/api/staff/reports/${id}/assign`, { department: 'works', crew: 'crew-east' }, { cookie: head })
    const { body } = await put({ category: 'leak' })
    expect([body['properties'].department.slug, body['properties'].crew.slug]).to.deep.equal(['works', 'crew-east'])
    await world.db('report').where({ id }).update({ is_assigned_by_hand: false })
    const order = await post(
      '/api/staff/work',
      { reports: [id], task: 'Fill it', department: 'works' },
      { cookie: head },
    )
    expect(order.status, JSON.stringify(order.body)).to.equal(201)
    expect((await put({ location: point(23.015, 37.01) })).body['properties'].crew.slug).to.equal('crew-east')
    expect((await put({ category: 'pothole' })).body['properties'].department.slug).to.equal('works')
  })

  it('is not touched where nothing is said, somebody was faster, it is closed, or it goes with another', async () => {
    expect((await put({})).status).to.equal(422)
    expect((await put({ category: 'nothing' })).status).to.equal(422)
    expect((await put({ category: 'leak', seen_at: '2020-01-01T00:00:00Z' })).status).to.equal(409)
    const other = (await post('/api/reports', pothole(23.005, 37.01))).body['id']
    await post(`/api/staff/reports/${id}/merge`, { into: other }, { cookie: head })
    expect((await put({ category: 'leak' })).body['type']).to.match(/merged-report/)
    await post(`/api/staff/reports/${id}/unmerge`, {}, { cookie: head })
    await post(`/api/staff/reports/${id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    expect((await put({ category: 'leak' })).body['type']).to.match(/report-closed/)
    expect(await world.db('timeline_entry').where({ kind: 'rectified' })).to.have.length(0)
  })
})
